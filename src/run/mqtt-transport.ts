import type { MqttTransport } from '../ports/mqtt.ts'
import type { Scenario } from '../scenario/scenario.ts'
import type { BrokerAddress } from '../transport/broker-address.ts'

/** The MQTT client that the scenario asks for, and nothing of the others: they take long to load. */
export async function openMqtt(
  transport: Scenario['transport'],
  addressOf: (clientId: string) => BrokerAddress,
  onBytes: (direction: 'in' | 'out', bytes: number) => void,
): Promise<MqttTransport & { close(): Promise<void> }> {
  switch (transport) {
    case 'packet': {
      const { PacketTransport } = await import('../transport/packet/packet-transport.ts')
      return new PacketTransport(addressOf, onBytes)
    }
    case 'mqtt': {
      const { MqttJsTransport } = await import('../transport/mqttjs.ts')
      return new MqttJsTransport(addressOf, onBytes)
    }
    case 'aws-iot-device-sdk-v2': {
      const { AwsSdkTransport } = await import('../transport/aws-sdk.ts')
      return new AwsSdkTransport(addressOf, onBytes)
    }
  }
}

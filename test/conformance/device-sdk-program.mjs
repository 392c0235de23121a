// One device with the AWS IoT Device SDK v2: MQTT 3.1.1, the service clients for jobs and shadows. A process of its own, because the SDK's native part
// doesn't survive the end of a thread. Requests and results pass over the channel to its parent.
import { iot, iotjobs, iotshadow, mqtt } from 'aws-iot-device-sdk-v2'

const { clientId, host, port, tls } = JSON.parse(process.argv[2])
const builder = tls
  ? iot.AwsIotMqttConnectionConfigBuilder.new_mtls_builder(tls.cert, tls.key)
  : iot.AwsIotMqttConnectionConfigBuilder.new_default_builder()
if (tls?.ca) builder.with_certificate_authority(tls.ca)
const config = builder.with_endpoint(host).with_port(port).with_client_id(clientId).with_clean_session(true).build()
if (!tls) delete config.tls_ctx
const connection = new mqtt.MqttClient().new_connection(config)
const options = { maxRequestResponseSubscriptions: 6, maxStreamingSubscriptions: 4, operationTimeoutInSeconds: 10 }
await connection.connect()
const clients = {
  jobs: iotjobs.IotJobsClientv2.newFromMqtt311(connection, options),
  shadow: iotshadow.IotShadowClientv2.newFromMqtt311(connection, options),
}

process.on('message', ({ id, client, operation, request }) => {
  clients[client][operation](request).then(
    (response) => process.send({ id, response }),
    (error) => process.send({ id, error: { description: error.description ?? error.message, modeledError: error.modeledError } }),
  )
})
process.on('disconnect', () => process.exit(0))
process.send({ ready: true })

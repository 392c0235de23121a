// One connection with the AWS IoT Device SDK v2, over WebSocket with credentials or over TLS with a certificate. Prints what it got for its own message, or
// the error. A process of its own, because the SDK's native part doesn't survive the end of a thread.
import { auth, iot, mqtt } from 'aws-iot-device-sdk-v2'

const { host, port, ca, credentials, region, certificate, clientId } = JSON.parse(process.argv[2])
const builder = credentials
  ? iot.AwsIotMqttConnectionConfigBuilder.new_with_websockets({
      region,
      credentials_provider: auth.AwsCredentialsProvider.newStatic(credentials.accessKeyId, credentials.secretAccessKey, credentials.sessionToken),
    })
  : iot.AwsIotMqttConnectionConfigBuilder.new_mtls_builder(certificate.cert, certificate.key)
builder.with_certificate_authority(ca).with_endpoint(host).with_port(port).with_client_id(clientId).with_clean_session(true)
const connection = new mqtt.MqttClient().new_connection(builder.build())
connection.on('error', () => {})
try {
  await connection.connect()
  let hear
  const heard = new Promise((resolve) => (hear = resolve))
  await connection.subscribe('sdk/echo', mqtt.QoS.AtLeastOnce, (_topic, payload) => hear(Buffer.from(payload).toString()))
  await connection.publish('sdk/echo', `hello from ${clientId}`, mqtt.QoS.AtLeastOnce)
  console.log(await heard)
  await connection.disconnect()
} catch (error) {
  console.log(`refused: ${error.message ?? error}`)
}
process.exit(0)

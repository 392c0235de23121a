import { createHash, generateKeyPairSync, webcrypto, X509Certificate } from 'node:crypto'
import 'reflect-metadata'
import { BasicConstraintsExtension, Pkcs10CertificateRequestGenerator, X509CertificateGenerator } from '@peculiar/x509'
import { expect, test } from 'vitest'
import { FakeStore } from '../fake-store.ts'
import { json, newWorld } from '../http/world.ts'
import type { World } from '../http/world.ts'
import { IdentityWorld } from '../identity/identity-world.ts'

const ARN = 'arn:aws:iot:us-east-1:123456789012'
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

interface Made {
  readonly certificateArn: string
  readonly certificateId: string
  readonly certificatePem: string
  readonly keyPair: { readonly PublicKey: string; readonly PrivateKey: string }
}

const create = (world: World, isActive = true) => json(world.send('iot', 'POST', `/keys-and-certificate?setAsActive=${isActive}`)) as unknown as Made
const errorOf = (response: { headers: Readonly<Record<string, string>>; status: number }) => [response.status, response.headers['x-amzn-ErrorType']]
const describe = (world: World, id: string) =>
  json(world.send('iot', 'GET', `/certificates/${id}`))['certificateDescription'] as Record<string, unknown>

test('a certificate with its keys: an id that follows from its bytes, RSA of 2048 bits, signed by the cloud', () => {
  const world = newWorld()
  const made = create(world)
  const certificate = new X509Certificate(made.certificatePem)
  expect(made.certificateId).toBe(createHash('sha256').update(certificate.raw).digest('hex'))
  expect(made.certificateArn).toBe(`${ARN}:cert/${made.certificateId}`)
  expect(made.keyPair.PrivateKey).toMatch(/^-----BEGIN RSA PRIVATE KEY-----/)
  expect(made.keyPair.PublicKey).toMatch(/^-----BEGIN PUBLIC KEY-----/)
  expect(certificate.publicKey.asymmetricKeyDetails?.modulusLength).toBe(2048)
  expect(certificate.verify(new X509Certificate(world.cloud.ca.certificatePem).publicKey)).toBe(true)
  expect(world.cloud.identities.principal(certificate.raw)).toEqual({ certificateId: made.certificateId })
})

test('everything that DescribeCertificate tells', () => {
  const world = newWorld()
  const { certificateId, certificateArn, certificatePem } = create(world, false)
  expect(describe(world, certificateId)).toEqual({
    certificateArn,
    certificateId,
    status: 'INACTIVE',
    certificatePem,
    ownedBy: '123456789012',
    creationDate: 1_767_225_600,
    lastModifiedDate: 1_767_225_600,
    customerVersion: 1,
    transferData: {},
    generationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    validity: { notBefore: expect.any(Number), notAfter: expect.any(Number) },
    certificateMode: 'DEFAULT',
  })
})

test('only an ACTIVE certificate is a principal, and those who wait for it hear when it is withdrawn', () => {
  const world = newWorld()
  const { identities } = world.cloud
  const withdrawn: string[] = []
  identities.onWithdrawn((id) => withdrawn.push(id))
  const { certificateId, certificatePem } = create(world)
  const { raw } = new X509Certificate(certificatePem)
  const update = (status: string) => world.send('iot', 'PUT', `/certificates/${certificateId}?newStatus=${status}`)
  update('INACTIVE')
  expect(identities.principal(raw)).toBeUndefined()
  update('ACTIVE')
  expect(identities.principal(raw)).toEqual({ certificateId })
  update('REVOKED')
  update('REVOKED')
  expect(withdrawn).toEqual([certificateId, certificateId])
  expect(errorOf(update('PENDING_TRANSFER'))).toEqual([406, 'CertificateStateException'])
  expect(errorOf(update('GONE'))).toEqual([400, 'InvalidRequestException'])
  expect(describe(world, certificateId)).toMatchObject({ status: 'REVOKED', customerVersion: 4 })
})

test('a certificate is deleted when it is not ACTIVE and nothing hangs on it', () => {
  const world = newWorld()
  const { certificateId, certificateArn } = create(world)
  const remove = (query = '') => world.send('iot', 'DELETE', `/certificates/${certificateId}${query}`)
  expect(errorOf(remove('?forceDelete=true'))).toEqual([406, 'CertificateStateException'])
  world.send('iot', 'PUT', `/certificates/${certificateId}?newStatus=INACTIVE`)
  world.send('iot', 'POST', '/things/t')
  world.send('iot', 'PUT', '/things/t/principals', { headers: { 'x-amzn-principal': certificateArn } })
  expect(errorOf(remove('?forceDelete=true'))).toEqual([409, 'DeleteConflictException'])
  world.send('iot', 'DELETE', '/things/t/principals', { headers: { 'x-amzn-principal': certificateArn } })
  world.send('iot', 'POST', '/policies/p', { body: { policyDocument: '{"Statement":{"Effect":"Allow","Action":"iot:*","Resource":"*"}}' } })
  world.send('iot', 'PUT', '/target-policies/p', { body: { target: certificateArn } })
  expect(errorOf(remove())).toEqual([409, 'DeleteConflictException'])
  expect(remove('?forceDelete=true').status).toBe(200)
  expect(json(world.send('iot', 'POST', '/policy-targets/p'))).toEqual({ targets: [] })
  expect(errorOf(remove())).toEqual([404, 'ResourceNotFoundException'])
})

test('a list from the newest to the oldest, page by page', () => {
  const identities = new IdentityWorld()
  const { world } = identities
  const ids = Array.from({ length: 3 }, () => {
    world.pass(1000)
    return identities.certificate()
  })
  const list = (query: string) =>
    json(world.send('iot', 'GET', `/certificates?${query}`)) as { certificates: { certificateId: string }[]; nextMarker?: string }
  const seen = (query: string) => list(query).certificates.map(({ certificateId }) => certificateId)
  expect(seen('')).toEqual(ids.toReversed())
  expect(seen('isAscendingOrder=true')).toEqual(ids)
  const { nextMarker } = list('isAscendingOrder=true&pageSize=2')
  expect(seen(`isAscendingOrder=true&pageSize=2&marker=${nextMarker}`)).toEqual(ids.slice(2))
})

async function signingRequest(name = 'CN=gateway-7'): Promise<string> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const request = await Pkcs10CertificateRequestGenerator.create({ name, keys, signingAlgorithm: ALGORITHM })
  return request.toString('pem')
}

test('a certificate for a key that the device keeps', async () => {
  const world = newWorld()
  const body = { certificateSigningRequest: await signingRequest() }
  const [first, second] = [0, 1].map(() => json(world.send('iot', 'POST', '/certificates', { body })) as unknown as Made)
  expect(first!.certificateId).not.toBe(second!.certificateId)
  expect(new X509Certificate(first!.certificatePem).subject).toBe('CN=gateway-7')
  expect(describe(world, first!.certificateId)).toMatchObject({ status: 'INACTIVE' })
  // In the signature, and not its last letter, whose bits may all be padding.
  const broken = body.certificateSigningRequest.replace(/.(?=.{4}=*\s+-----END)/, (letter) => (letter === 'A' ? 'B' : 'A'))
  expect(errorOf(world.send('iot', 'POST', '/certificates', { body: { certificateSigningRequest: broken } }))).toEqual([
    400,
    'InvalidRequestException',
  ])
  expect(errorOf(world.send('iot', 'POST', '/certificates', { body: { certificateSigningRequest: 'nothing' } }))).toEqual([
    400,
    'InvalidRequestException',
  ])
})

/** An authority of a user's. */
async function authority(name = 'CN=Acme CA'): Promise<{ pem: string; issue: (subject: string) => Promise<string> }> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const ca = await X509CertificateGenerator.createSelfSigned({
    name,
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [new BasicConstraintsExtension(true)],
  })
  const issue = async (subject: string) => {
    const own = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
    const certificate = await X509CertificateGenerator.create({
      subject,
      issuer: name,
      publicKey: own.publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: ALGORITHM,
    })
    return certificate.toString('pem')
  }
  return { pem: ca.toString('pem'), issue }
}

test('an authority is registered by who has its key, and then its devices are', async () => {
  const world = newWorld()
  const { pem, issue } = await authority()
  const certificatePem = await issue('CN=device-1')
  const register = () => world.send('iot', 'POST', '/certificate/register?setAsActive=true', { body: { certificatePem } })
  expect(errorOf(register())).toEqual([400, 'CertificateValidationException'])

  const { registrationCode } = json(world.send('iot', 'GET', '/registrationcode')) as { registrationCode: string }
  const registerCa = (verificationCertificate: string) =>
    world.send('iot', 'POST', '/cacertificate?setAsActive=true&allowAutoRegistration=true', { body: { caCertificate: pem, verificationCertificate } })
  expect(errorOf(registerCa(await issue('CN=guess')))).toEqual([400, 'RegistrationCodeValidationException'])
  expect(errorOf(registerCa(await (await authority()).issue(`CN=${registrationCode}`)))).toEqual([400, 'CertificateValidationException'])
  const ca = json(registerCa(await issue(`CN=${registrationCode}`))) as { certificateId: string; certificateArn: string }
  expect(ca.certificateArn).toBe(`${ARN}:cacert/${ca.certificateId}`)
  expect(errorOf(registerCa(await issue(`CN=${registrationCode}`)))).toEqual([409, 'ResourceAlreadyExistsException'])
  expect(json(world.send('iot', 'GET', `/cacertificate/${ca.certificateId}`))['certificateDescription']).toMatchObject({
    status: 'ACTIVE',
    autoRegistrationStatus: 'ENABLE',
    certificateMode: 'DEFAULT',
  })

  const { certificateId } = json(register()) as { certificateId: string }
  expect(describe(world, certificateId)).toMatchObject({ status: 'ACTIVE', caCertificateId: ca.certificateId })
  expect(errorOf(register())).toEqual([409, 'ResourceAlreadyExistsException'])
  expect(json(world.send('iot', 'GET', `/certificates-by-ca/${ca.certificateId}`))['certificates']).toHaveLength(1)
  expect(errorOf(world.send('iot', 'DELETE', `/cacertificate/${ca.certificateId}`))).toEqual([406, 'CertificateStateException'])
  world.send('iot', 'PUT', `/cacertificate/${ca.certificateId}?newStatus=INACTIVE`)
  expect(errorOf(world.send('iot', 'POST', '/certificate/register', { body: { certificatePem: await issue('CN=device-2') } }))).toEqual([
    406,
    'CertificateStateException',
  ])
  expect(json(world.send('iot', 'GET', '/cacertificates'))['certificates']).toMatchObject([{ certificateId: ca.certificateId, status: 'INACTIVE' }])
  expect(world.send('iot', 'DELETE', `/cacertificate/${ca.certificateId}`).status).toBe(200)
})

test('a device of an authority that allows it is registered by its first connection, and waits to be activated', async () => {
  const world = newWorld()
  const { pem, issue } = await authority()
  const body = { caCertificate: pem, certificateMode: 'SNI_ONLY' }
  const ca = json(world.send('iot', 'POST', '/cacertificate?setAsActive=true&allowAutoRegistration=true', { body })) as { certificateId: string }
  const heard: { topic: string; message: unknown }[] = []
  world.cloud.bus.attach({ wanted: () => true, publish: (topic, payload) => void heard.push({ topic, message: JSON.parse(String(payload)) }) })
  const { raw } = new X509Certificate(await issue('CN=new'))
  const { identities } = world.cloud
  expect([identities.principal(raw), identities.principal(raw)]).toEqual([undefined, undefined])
  const certificateId = createHash('sha256').update(raw).digest('hex')
  expect(describe(world, certificateId)).toMatchObject({ status: 'PENDING_ACTIVATION', caCertificateId: ca.certificateId })
  expect(heard).toMatchObject([
    { topic: `$aws/events/certificates/registered/${ca.certificateId}`, message: { certificateId, certificateStatus: 'PENDING_ACTIVATION' } },
  ])
  world.send('iot', 'PUT', `/certificates/${certificateId}?newStatus=ACTIVE`)
  expect(identities.principal(raw)).toEqual({ certificateId })
  expect(identities.principal(new X509Certificate(await (await authority('CN=other')).issue('CN=new')).raw)).toBeUndefined()
})

test('any certificate is registered without an authority; what is no certificate is not', async () => {
  const world = newWorld()
  const certificatePem = await (await authority('CN=unknown')).issue('CN=device')
  const register = (pem: string) => world.send('iot', 'POST', '/certificate/register-no-ca', { body: { certificatePem: pem, status: 'ACTIVE' } })
  const { certificateId } = json(register(certificatePem)) as { certificateId: string }
  expect(describe(world, certificateId)).toMatchObject({ status: 'ACTIVE', certificateMode: 'SNI_ONLY' })
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  expect(errorOf(register(publicKey.export({ type: 'spki', format: 'pem' }).toString()))).toEqual([400, 'CertificateValidationException'])
})

test('everything of certificates is there after a restart', async () => {
  const store = new FakeStore()
  const first = newWorld({ store })
  const { certificateId, certificatePem, certificateArn } = create(first)
  first.send('iot', 'POST', '/things/t')
  first.send('iot', 'PUT', '/things/t/principals?thingPrincipalType=EXCLUSIVE_THING', { headers: { 'x-amzn-principal': certificateArn } })
  const { pem } = await authority()
  const ca = json(first.send('iot', 'POST', '/cacertificate', { body: { caCertificate: pem, certificateMode: 'SNI_ONLY' } }))
  const code = json(first.send('iot', 'GET', '/registrationcode'))

  const second = newWorld({ store })
  expect(describe(second, certificateId)).toEqual(describe(first, certificateId))
  expect(second.cloud.identities.principal(new X509Certificate(certificatePem).raw)).toEqual({ certificateId })
  expect(json(second.send('iot', 'GET', '/things/t/principals-v2'))).toEqual({
    thingPrincipalObjects: [{ principal: certificateArn, thingPrincipalType: 'EXCLUSIVE_THING' }],
  })
  expect(second.send('iot', 'DELETE', '/things/t').status).toBe(400)
  expect(second.send('iot', 'GET', `/cacertificate/${String(ca['certificateId'])}`).status).toBe(200)
  expect(json(second.send('iot', 'GET', '/registrationcode'))).toEqual(code)
})

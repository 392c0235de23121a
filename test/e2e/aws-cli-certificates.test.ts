import { X509Certificate } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeWith } from '../peer.ts'
import { CloudProgram } from './cloud-program.ts'
import { inOrder, Shell } from './shell.ts'

/** The life of a device's certificate with the AWS CLI: made, allowed, attached, asked about, and taken away again. */

const ARN = 'arn:aws:iot:us-east-1:123456789012'
const POLICY = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'iot:Connect', Resource: `${ARN}:client/\${iot:Connection.Thing.ThingName}` }],
}

describeWith(['AWS CLI', 'OpenSSL'], 'certificates from the AWS CLI', () => {
  let cloud: CloudProgram
  let terminal: Shell
  const shell = () => terminal

  beforeAll(async () => {
    cloud = await CloudProgram.start()
    terminal = new Shell(cloud)
    writeFileSync(join(terminal.folder, 'policy.json'), JSON.stringify(POLICY))
    writeFileSync(join(terminal.folder, 'bad.json'), '{"Statement":[]}')
  })

  afterAll(async () => {
    await cloud?.program.interrupt()
    terminal?.close()
  })

  const id = `$(openssl x509 -in cert.pem -outform DER | sha256sum | cut -d' ' -f1)`
  const cert = `${ARN}:cert/${id}`

  inOrder('a device is let in', shell, [
    { run: 'aws iot create-thing --thing-name t1', out: { thingName: 't1' } },
    {
      run: 'aws iot create-keys-and-certificate --set-as-active --certificate-pem-outfile cert.pem --public-key-outfile public.pem --private-key-outfile private.key',
      out: { certificateId: expect.stringMatching(/^[0-9a-f]{64}$/), certificateArn: expect.stringContaining(`${ARN}:cert/`) },
    },
    { run: 'aws iot create-policy --policy-name p --policy-document file://policy.json', out: { policyVersionId: '1' } },
    { run: 'aws iot create-policy --policy-name q --policy-document file://bad.json', error: 'MalformedPolicyException', out: /Statement/ },
    { run: `aws iot attach-policy --policy-name p --target ${cert}` },
    { run: `aws iot attach-thing-principal --thing-name t1 --principal ${cert}` },
    { run: `aws iot list-principal-things --principal ${cert}`, out: { things: ['t1'] } },
    { run: `aws iot list-attached-policies --target ${cert}`, out: { policies: [{ policyName: 'p', policyArn: `${ARN}:policy/p` }] } },
    {
      run: `aws iot describe-certificate --certificate-id ${id}`,
      out: { certificateDescription: { status: 'ACTIVE', validity: { notAfter: expect.stringMatching(/^\d{4}-/) }, certificateMode: 'DEFAULT' } },
    },
    {
      run: `aws iot test-authorization --principal ${cert} --client-id t1 --auth-infos actionType=CONNECT,resources=${ARN}:client/t1`,
      out: { authResults: [{ authDecision: 'ALLOWED' }] },
    },
    { run: `aws iot get-effective-policies --principal ${cert} --thing-name t1`, out: { effectivePolicies: [{ policyName: 'p' }] } },
  ])

  test('the files belong together', () => {
    const read = (name: string) => readFileSync(join(terminal.folder, name), 'utf8')
    const certificate = new X509Certificate(read('cert.pem'))
    expect(certificate.publicKey.export({ type: 'spki', format: 'pem' })).toBe(read('public.pem'))
    expect(read('private.key')).toContain('BEGIN RSA PRIVATE KEY')
  })

  inOrder('a device with a key of its own', shell, [
    {
      run: 'openssl req -new -newkey rsa:2048 -nodes -keyout own.key -subj /CN=own -out own.csr 2>/dev/null && aws iot create-certificate-from-csr --certificate-signing-request file://own.csr --certificate-pem-outfile own.pem',
      out: { certificateArn: expect.stringContaining(':cert/') },
    },
    { run: 'openssl x509 -in own.pem -noout -subject', out: /CN ?= ?own/ },
  ])

  inOrder('a device is kept out', shell, [
    { run: `aws iot delete-certificate --certificate-id ${id}`, error: 'CertificateStateException' },
    { run: `aws iot update-certificate --certificate-id ${id} --new-status INACTIVE` },
    { run: `aws iot delete-certificate --certificate-id ${id} --force-delete`, error: 'DeleteConflictException', out: /Things/ },
    { run: 'aws iot delete-thing --thing-name t1', error: 'InvalidRequestException', out: /still attached/ },
    { run: `aws iot detach-thing-principal --thing-name t1 --principal ${cert}` },
    { run: 'aws iot delete-policy --policy-name p', error: 'DeleteConflictException' },
    { run: `aws iot detach-policy --policy-name p --target ${cert}` },
    { run: `aws iot delete-certificate --certificate-id ${id}` },
    { run: 'aws iot delete-policy --policy-name p' },
    { run: 'aws iot delete-thing --thing-name t1' },
  ])
})

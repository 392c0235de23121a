import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import { describeWith } from '../peer.ts'
import { CloudProgram } from './cloud-program.ts'
import { inAnyOrder, inOrder, Shell } from './shell.ts'

/** Larger than the 8 MB from which the CLI uploads in parts and downloads in ranges. */
const IMAGE_BYTES = 20_000_000

describeWith('AWS CLI', 'images from the AWS CLI', () => {
  let cloud: CloudProgram
  let terminal: Shell
  const shell = () => terminal

  beforeAll(async () => {
    cloud = await CloudProgram.start()
    terminal = new Shell(cloud)
    writeFileSync(join(terminal.folder, 'app.bin'), randomBytes(IMAGE_BYTES))
    writeFileSync(join(terminal.folder, 'notes.txt'), 'fixes the clock\n')
    writeFileSync(join(terminal.folder, 'v4'), '[default]\ns3 =\n  signature_version = s3v4\n')
  })

  afterAll(async () => {
    await cloud?.program.interrupt()
    terminal?.close()
  })

  inOrder('a bucket', shell, [{ run: 'aws s3 mb s3://firmware', out: /^make_bucket: firmware\n$/ }])

  inAnyOrder('uploads', shell, [
    { run: "aws s3 cp --no-progress app.bin 's3://firmware/my images/app.bin'", out: /^upload: / },
    { run: 'aws s3 cp --no-progress notes.txt s3://firmware/notes.txt', out: /^upload: / },
    { run: 'aws s3 cp --no-progress - s3://firmware/piped < notes.txt' },
    { run: 'aws s3 cp s3://firmware/nothing . 2>&1 || echo exit $?', out: /\(404\)[^]*exit 1\n$/ },
  ])

  inAnyOrder('what was uploaded', shell, [
    { run: 'aws s3 ls', out: /^[\d-]+ [\d:]+ firmware\n$/ },
    { run: 'aws s3 ls s3://firmware', out: /PRE my images\/\n[\d-]+ [\d:]+ +16 notes\.txt\n/ },
    { run: 'aws s3 ls s3://firmware --recursive', out: / 20000000 my images\/app\.bin\n/ },
    { run: "aws s3 cp --no-progress 's3://firmware/my images/app.bin' back.bin && cmp app.bin back.bin", out: /^download: / },
    {
      run: "aws s3api get-object --bucket firmware --key 'my images/app.bin' --range bytes=9000000-9000099 part.bin",
      out: { ContentLength: 100, ContentRange: 'bytes 9000000-9000099/20000000', AcceptRanges: 'bytes', ContentType: 'application/octet-stream' },
    },
    {
      run: 'aws s3api head-object --bucket firmware --key notes.txt',
      out: { ContentLength: 16, ContentType: 'text/plain', ETag: expect.stringMatching(/^"[0-9a-f]{32}"$/) },
    },
    { run: 'aws s3api get-object --bucket firmware --key nothing nothing.bin', error: 'NoSuchKey' },
    { run: 'aws s3api get-object --bucket firmware --key notes.txt --range bytes=99-120 nothing.bin', error: 'InvalidRange' },
    { run: 'AWS_SECRET_ACCESS_KEY=wrong aws s3 ls', error: 'SignatureDoesNotMatch' },
    { run: 'AWS_SECRET_ACCESS_KEY=wrong aws s3api head-object --bucket firmware --key notes.txt', error: '403' },
    { run: 'aws s3 rb s3://firmware 2>&1 || true', out: /BucketNotEmpty/ },
  ])

  inOrder('copies within S3', shell, [
    { run: 'aws s3api put-object-tagging --bucket firmware --key "my images/app.bin" --tagging "TagSet=[{Key=stage,Value=beta}]"' },
    { run: "aws s3 cp --no-progress 's3://firmware/my images/app.bin' s3://firmware/copy.bin", out: /^copy: / },
    { run: 'aws s3 cp --no-progress s3://firmware/copy.bin - | cmp app.bin -' },
    { run: 'aws s3api get-object-tagging --bucket firmware --key "my images/app.bin"', out: { TagSet: [{ Key: 'stage', Value: 'beta' }] } },
    {
      run: 'aws s3api head-object --bucket firmware --key copy.bin --part-number 3',
      out: { PartsCount: 3, ContentLength: 20_000_000 - 2 * 8_388_608 },
    },
    { run: 'aws s3 sync --no-progress . s3://firmware/sync --exclude "*" --include notes.txt', out: /^upload: / },
    { run: 'aws s3 sync --no-progress . s3://firmware/sync --exclude "*" --include notes.txt' },
  ])

  inAnyOrder('presigned URLs', shell, [
    { run: 'cmp <(tail -c +9000001 app.bin | head -c 100) part.bin' },
    ...['config', 'v4'].map((config) => ({
      run: `AWS_CONFIG_FILE=$HOME/${config} aws s3 presign s3://firmware/notes.txt | xargs curl -sS -w ' %{http_code}' -r 0-4`,
      out: /^fixes 206$/,
    })),
    { run: `aws s3 presign 's3://firmware/my images/app.bin' | sed s/app.bin/notes.txt/ | xargs curl -sS`, out: /<Code>SignatureDoesNotMatch</ },
    { run: 'aws s3 presign s3://firmware/notes.txt --expires-in 1 > url; sleep 2.1; xargs curl -sS < url', out: /<Code>AccessDenied<.*expired/ },
    { run: 'curl -sS -w %{http_code} "$ENDPOINT/firmware/notes.txt"', out: /<Code>AccessDenied<.*403$/s },
  ])

  inOrder('clean-up', shell, [
    { run: 'aws s3 rm s3://firmware/notes.txt', out: /^delete: / },
    { run: 'aws s3 rb --force s3://firmware', out: /remove_bucket: firmware\n$/ },
    { run: 'aws s3 ls' },
  ])
})

import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('DescribeManagedJobTemplate', ({ behaviour }) => {
  behaviour('shows the document and the parameters that go into it', { source: 'developer guide, managed templates' }, async (target) => {
    const template = await target.iot.describeManagedJobTemplate({ templateName: 'AWS-Download-File' })
    expect(JSON.parse(template.document!)).toEqual({
      version: '1.0',
      steps: [
        {
          action: {
            name: 'Download-File',
            type: 'runHandler',
            input: {
              handler: 'download-file.sh',
              args: ['${aws:iot:parameter:downloadUrl}', '${aws:iot:parameter:filePath}'],
              path: '${aws:iot:parameter:pathToHandler}',
            },
            runAsUser: '${aws:iot:parameter:runAsUser}',
          },
        },
      ],
    })
    expect(template.documentParameters!.map(({ key, optional }) => [key, optional])).toEqual([
      ['downloadUrl', false],
      ['filePath', false],
      ['runAsUser', true],
      ['pathToHandler', true],
    ])
  })

  behaviour('a template or a version that does not exist is not found', { source: '§3.4 [M]' }, async (target) => {
    for (const request of [{ templateName: 'AWS-Nothing' }, { templateName: 'AWS-Reboot', templateVersion: '9.9' }])
      await expect(target.iot.describeManagedJobTemplate(request)).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })
})

import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('ListManagedJobTemplates', ({ behaviour }) => {
  behaviour("AWS's templates are there without an account in their ARNs", { source: 'developer guide, managed templates' }, async (target) => {
    const { managedJobTemplates } = await target.iot.listManagedJobTemplates({})
    expect(managedJobTemplates!.map(({ templateName }) => templateName)).toEqual(
      expect.arrayContaining(['AWS-Reboot', 'AWS-Download-File', 'AWS-Install-Application', 'AWS-Restart-Application', 'AWS-Run-Command']),
    )
    expect(managedJobTemplates!.find(({ templateName }) => templateName === 'AWS-Reboot')).toMatchObject({
      templateArn: `arn:aws:iot:${target.region}::jobtemplate/AWS-Reboot:1.0`,
      templateVersion: '1.0',
      environments: ['LINUX'],
    })
  })

  behaviour('one template is listed by its name', { source: '§3.4 [M]' }, async (target) => {
    const { managedJobTemplates } = await target.iot.listManagedJobTemplates({ templateName: 'AWS-Stop-Application' })
    expect(managedJobTemplates!.map(({ templateName }) => templateName)).toEqual(['AWS-Stop-Application'])
  })
})

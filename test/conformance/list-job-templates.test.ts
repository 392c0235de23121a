import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('ListJobTemplates', ({ behaviour }) => {
  behaviour('lists every template once, in pages', { source: '§3.3 §3.4 [M]' }, async (target) => {
    const ids = [target.name('template'), target.name('template'), target.name('template')]
    for (const jobTemplateId of ids) await target.iot.createJobTemplate({ jobTemplateId, description: `about ${jobTemplateId}`, document: '{}' })
    const listed: { jobTemplateId?: string | undefined; description?: string | undefined }[] = []
    let nextToken: string | undefined
    do {
      const page = await target.iot.listJobTemplates({ maxResults: 2, ...(nextToken !== undefined && { nextToken }) })
      listed.push(...page.jobTemplates!)
      nextToken = page.nextToken
    } while (nextToken !== undefined)
    const own = listed.filter(({ jobTemplateId }) => ids.includes(jobTemplateId!))
    expect(new Set(own.map(({ jobTemplateId }) => jobTemplateId))).toEqual(new Set(ids))
    expect(own).toHaveLength(ids.length)
    expect(own[0]!.description).toBe(`about ${own[0]!.jobTemplateId}`)
  })
})

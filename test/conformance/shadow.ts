import type { Target } from './target.ts'

/** A shadow document as an HTTPS call of the data plane takes and gives it. */
export async function updateShadow(target: Target, thingName: string, request: object, shadowName?: string): Promise<any> {
  const { payload } = await target.data.updateThingShadow({
    thingName,
    payload: Buffer.from(JSON.stringify(request)),
    ...(shadowName && { shadowName }),
  })
  return parsed(payload)
}

export async function getShadow(target: Target, thingName: string, shadowName?: string): Promise<any> {
  return parsed((await target.data.getThingShadow({ thingName, ...(shadowName && { shadowName }) })).payload)
}

export async function deleteShadow(target: Target, thingName: string, shadowName?: string): Promise<any> {
  return parsed((await target.data.deleteThingShadow({ thingName, ...(shadowName && { shadowName }) })).payload)
}

function parsed(payload: Uint8Array | undefined): any {
  return JSON.parse(Buffer.from(payload!).toString())
}

import { type ArnScope, jobArn } from '../jobs/control-shapes.ts'
import { SHOW_WHAT_WAS_MADE } from './choices.ts'
import { jobIdOf, type OtaUpdate, type OtaUpdateFile } from './ota-update.ts'

/** Shapes of the control plane (§5.1). Members that are undefined are not sent. */

export function otaUpdateArn({ region, account }: ArnScope, otaUpdateId: string): string {
  return `arn:aws:iot:${region}:${account}:otaupdate/${otaUpdateId}`
}

/** What CreateOTAUpdate answers. The job has its name before it exists. */
export function otaUpdateReference(scope: ArnScope, { otaUpdateId, otaUpdateStatus }: OtaUpdate): object {
  const awsIotJobId = jobIdOf(otaUpdateId)
  return {
    otaUpdateId,
    awsIotJobId,
    otaUpdateArn: otaUpdateArn(scope, otaUpdateId),
    awsIotJobArn: jobArn(scope, awsIotJobId),
    otaUpdateStatus,
  }
}

export function otaUpdateInfo(scope: ArnScope, update: OtaUpdate): object {
  return {
    ...otaUpdateReference(scope, update),
    creationDate: update.createdAtMs / 1000,
    lastModifiedDate: update.lastModifiedAtMs / 1000,
    description: update.description,
    targets: update.targets,
    protocols: update.protocols,
    awsJobExecutionsRolloutConfig: update.awsJobExecutionsRolloutConfig,
    awsJobPresignedUrlConfig: update.awsJobPresignedUrlConfig,
    targetSelection: update.targetSelection,
    otaUpdateFiles: update.files.map((file, index) => shownFile(update, file, index)),
    errorInfo: update.errorInfo,
    additionalParameters: update.additionalParameters,
  }
}

export function otaUpdateSummary(scope: ArnScope, { otaUpdateId, createdAtMs }: OtaUpdate): object {
  return { otaUpdateId, otaUpdateArn: otaUpdateArn(scope, otaUpdateId), creationDate: createdAtMs / 1000 }
}

function shownFile({ made }: OtaUpdate, file: OtaUpdateFile, index: number): object {
  if (!SHOW_WHAT_WAS_MADE || !made) return file
  const { streamId, signerJobIds } = made
  const awsSignerJobId = signerJobIds[index]
  return {
    ...file,
    fileLocation: { ...file.fileLocation, ...(streamId !== undefined && { stream: { streamId, fileId: index } }) },
    ...(awsSignerJobId !== undefined && { codeSigning: { ...file.codeSigning, awsSignerJobId } }),
  }
}

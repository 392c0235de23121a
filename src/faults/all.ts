import type { FaultKind } from '../ports/faults.ts'
import { blockedDownload } from './blocked-download.ts'
import { corruptImage } from './corrupt-image.ts'
import { crashLoop } from './crash-loop.ts'
import { duplicateNotification } from './duplicate-notification.ts'
import { earlyClose } from './early-close.ts'
import { failInstall } from './fail-install.ts'
import { failSelfTest } from './fail-self-test.ts'
import { hang } from './hang.ts'
import { httpError } from './http-error.ts'
import { ignoreRange } from './ignore-range.ts'
import { lateStart } from './late-start.ts'
import { lostConnection } from './lost-connection.ts'
import { powerLoss } from './power-loss.ts'
import { rebootLoop } from './reboot-loop.ts'
import { reject } from './reject.ts'
import { slowLink } from './slow-link.ts'
import { stuckDownload } from './stuck-download.ts'
import { truncatedImage } from './truncated-image.ts'
import { twinClient } from './twin-client.ts'
import { vanish } from './vanish.ts'

/** Every kind of fault, in the order of the documentation. */
export const FAULTS: readonly FaultKind<never>[] = [
  corruptImage,
  truncatedImage,
  earlyClose,
  ignoreRange,
  httpError,
  slowLink,
  lostConnection,
  hang,
  twinClient,
  duplicateNotification,
  stuckDownload,
  blockedDownload,
  crashLoop,
  reject,
  failInstall,
  failSelfTest,
  rebootLoop,
  powerLoss,
  vanish,
  lateStart,
]

/** Numbers that end up in reasons: `OtaErr_t` and `OtaPalMainStatus_t` of the library 3.4. */

export const OTA_ERR = {
  none: 0x00,
  jobParser: 0x0c,
  invalidDataProtocol: 0x0d,
  downgradeNotAllowed: 0x0f,
  sameFirmwareVersion: 0x10,
  imageStateMismatch: 0x11,
  userAbort: 0x13,
} as const

/** `OtaJobParseErr_t`, the second number of `jobParser`. */
export const NON_CONFORMING_DOCUMENT = 0x04

export const PAL_ERR = {
  /** What stands in a report when a block was refused before the platform heard of it. */
  uninitialized: 0xe0,
  signatureCheckFailed: 0xe3,
  rxFileTooLarge: 0xe5,
  badSignerCert: 0xe7,
  fileClose: 0xee,
} as const

/** Decisions on local code signing, which stands in for AWS Signer. */

/**
 * Platforms of AWS Signer for devices, with what they sign with; another name is refused. The last one is fleetsim's own: AWS makes RSA signatures
 * over SHA-256 with overrides of a profile, which CreateOTAUpdate cannot express.
 */
export const PLATFORMS: Readonly<Record<string, { readonly hash: 'sha256' | 'sha1'; readonly algorithm: 'ecdsa' | 'rsa' }>> = {
  'AmazonFreeRTOS-Default': { hash: 'sha256', algorithm: 'ecdsa' },
  'AmazonFreeRTOS-TI-CC3220SF': { hash: 'sha1', algorithm: 'rsa' },
  'AWSIoTDeviceManagement-SHA256-ECDSA': { hash: 'sha256', algorithm: 'ecdsa' },
  'fleetsim-SHA256-RSA': { hash: 'sha256', algorithm: 'rsa' },
}

/** Platform of a profile that is named and was not made before: it is made on demand, where AWS would not find it. */
export const DEFAULT_PLATFORM = 'AmazonFreeRTOS-Default'

/** Where signed objects go when no prefix is given: the folder that the console offers. */
export const DEFAULT_PREFIX = 'SignedImages/'

/** Decisions on MQTT where no source tells what AWS does. */

/** Stored messages that a resumed session gets at once, and again after each `REPLAY_INTERVAL_MS`: AWS says 10 a second, not how they are spread. */
export const REPLAY_BATCH = 10

/** Simulated milliseconds between two batches of stored messages. */
export const REPLAY_INTERVAL_MS = 1000

/** Simulated milliseconds after which a message without a PUBACK is sent again to a client that is connected: AWS does so for an hour, not said how often. */
export const REDELIVERY_INTERVAL_MS = 300_000

/** Why a connection ends whose policies forbid what it published. */
export const REASON_OF_FORBIDDEN_PUBLISH = 'AUTH_ERROR' as const

/** Why a connection ends whose certificate was deactivated, revoked or deleted. */
export const REASON_OF_WITHDRAWN_CERTIFICATE = 'FORBIDDEN_ACCESS' as const

/** A CONNECT too many, for its client id or for the account: "server unavailable". The reference only says that it is refused. */
export const CONNACK_OF_THROTTLED = 3

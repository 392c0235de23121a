import type { MqttConnectOptions, MqttSubscription, Payload } from '../ports/mqtt.ts'
import type { BrokerAddress } from './broker-address.ts'

/** What passes between a thread with devices and the process that has the AWS IoT Device SDK. `id` names a connection. */

export type ToSdk =
  | { readonly type: 'connect'; readonly id: number; readonly address: BrokerAddress; readonly options: MqttConnectOptions }
  | { readonly type: 'subscribe'; readonly id: number; readonly subscriptions: readonly MqttSubscription[] }
  | { readonly type: 'unsubscribe'; readonly id: number; readonly filters: readonly string[] }
  | {
      readonly type: 'publish'
      readonly id: number
      readonly topic: string
      readonly payload: Payload
      readonly qos: 0 | 1
      readonly retain: boolean
    }
  | { readonly type: 'disconnect'; readonly id: number }

export type FromSdk =
  | { readonly type: 'connected'; readonly id: number; readonly sessionPresent: boolean }
  | { readonly type: 'subscribed'; readonly id: number; readonly granted: readonly number[] }
  | { readonly type: 'published'; readonly id: number }
  | { readonly type: 'message'; readonly id: number; readonly topic: string; readonly payload: Uint8Array }
  | { readonly type: 'closed'; readonly id: number; readonly reason: string }

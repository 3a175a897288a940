// The shapes of what a phone keeps and of what it exchanges with the server (docs/sync.md).

/** A day's answers by the names of the API, every one null while nobody gave it. */
/** @typedef {Record<string, any>} DayAnswers */

/**
 * The day as this device knew it when an edit of it began.
 * @typedef {object} Base
 * @property {number} revision 0 where nothing was stored
 * @property {DayAnswers | null} answers null where there was no day, or a deleted one
 * @property {string | null} epoch the history the revision is of
 * @property {string | null} op_id the operation that made the day so
 */

/**
 * The state of the day that `merge` met.
 * @typedef {Record<string, any> & {revision: number, deleted: boolean, op_id: string, touched: Record<string, Touched>}} CurrentDay
 */
/** @typedef {{op_id: string, recorded_at: string | null, clock_suspect: boolean}} Touched */

/**
 * Why an operation waits for the patient.
 * @typedef {"gone" | "deleted" | "changed" | "lower" | "rejected" | "mismatch" | "not_understood" | "too_large"} Reason
 */
/**
 * What the patient is asked; `settle` takes the answer.
 * @typedef {object} Question
 * @property {Reason} reason
 * @property {CurrentDay | null} current the stored day the question is about
 * @property {string | null} epoch the history it was stored in
 * @property {Record<string, any> | null} problem why it was refused, as the server says it
 */

/** @typedef {"pending" | "sent" | "acked" | "attention"} State */
/**
 * One edit of one day. What was sent once keeps its name and contents until its outcome is known.
 * @typedef {object} Operation
 * @property {number} seq its place in the order of saving
 * @property {string} root
 * @property {number} tries how often it had to take another name
 * @property {string} op_id
 * @property {string} date
 * @property {DayAnswers | null} answers null: the day is to be deleted
 * @property {string} recorded_at
 * @property {string} timezone
 * @property {boolean} confirmed_lower
 * @property {Base} base
 * @property {string | null} over the operation of this device whose answers it was made from
 * @property {{op_id: string, base: Base}[]} earlier the names it had before, each with its base then
 * @property {State} state
 * @property {boolean} was_sent
 * @property {string} waiting_since
 * @property {{revision: number, epoch: string | null, at: string, was_gone: boolean} | null} acked
 * @property {Question | null} question
 */

/**
 * A day as the server last told it; `pass` is the reading from the start that told of it.
 * @typedef {object} KnownDay
 * @property {string} date
 * @property {number} revision
 * @property {DayAnswers | null} answers null for a deleted one
 * @property {string | null} epoch
 * @property {string | null} op_id
 * @property {number} pass
 */

/**
 * @typedef {object} Meta
 * @property {string} patient_id whose days these are: nobody else's login sends them
 * @property {string} device_id
 * @property {string | null} epoch
 * @property {string | null} cursor
 * @property {number} pass counts the readings from the start
 * @property {boolean} is_sweeping whether one of them is under way
 * @property {number} next_seq
 * @property {{since: number, ms: number, told_ms: number} | null} wait
 * @property {string | null} synced_at
 */

/**
 * A place where entries lie under string keys.
 * @typedef {object} Storage
 * @property {(under: string[]) => Promise<Map<string, any>>} read every entry whose key begins with one of these
 * @property {(under: string[], change: (found: Map<string, any>) => Iterable<[string, any]>) => Promise<void>} change
 *   reads these, and writes what the function answers at once, undefined for what is to go: when it
 *   resolves all of it is durable, when it rejects nothing was changed
 */

/** @typedef {{method: string, headers: Record<string, string>, body?: string}} Request */
/** @typedef {{status: number, headers: {get: (name: string) => string | null}, json: () => Promise<any>}} Reply */
/**
 * What the client stands on.
 * @typedef {object} Ground
 * @property {string} patientId
 * @property {Storage} storage
 * @property {(path: string, request: Request) => Promise<Reply>} transport sends as this patient or
 *   answers 401; rejects where nobody answered
 * @property {<T>(name: string, work: () => Promise<T>) => Promise<T>} alone runs one such work at a time, in all tabs
 * @property {() => number} clock milliseconds, right or wrong
 * @property {() => number} random from 0 to 1
 * @property {() => string} newId a name nobody has, without a dot
 */

/** @typedef {{kind: "synced"} | {kind: "later", in_ms: number} | {kind: "login"}} Round */
/**
 * A day as it is shown here. `base` goes back with the edit that begins from it.
 * @typedef {object} ShownDay
 * @property {string} date
 * @property {DayAnswers | null} answers
 * @property {"none" | "phone" | "synced" | "attention"} state
 * @property {Base & {over: string | null}} base
 */
/** @typedef {{date: string, answers: DayAnswers, timezone: string, base: ShownDay["base"], confirmed_lower?: boolean}} Edit */

export {};

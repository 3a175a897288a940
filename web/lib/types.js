// The shapes of the API's answers that these pages read; openapi.yaml is the full promise.

/** @typedef {{pointer: string, detail: string}} Fault */
/** @typedef {{membership_id: string, clinic_name: string, role: string}} Place */
/**
 * @typedef {object} ProblemDocument
 * @property {string} type
 * @property {string} title
 * @property {number} status
 * @property {string} detail
 * @property {Fault[]} [errors]
 * @property {Checkin | null} [current]
 * @property {SafetyCard | null} [safety_card]
 * @property {Place[]} [memberships]
 */

/**
 * @typedef {object} Me
 * @property {string} id
 * @property {string} role
 * @property {string} display_name
 * @property {string} timezone
 * @property {string} country
 * @property {{name: string}} clinic
 */

/**
 * @typedef {object} Measure
 * @property {string} key
 * @property {string} prompt
 * @property {number} minimum
 * @property {number} maximum
 * @property {number} step
 * @property {string} low_end
 * @property {string} high_end
 * @property {string | null} unit
 */

/** @typedef {{code: string, label: string, window: string}} SideEffect */
/** @typedef {{code: string, severity: number}} Ticked */
/**
 * @typedef {object} Asked
 * @property {string} date
 * @property {string} earliest_date
 * @property {Measure[]} measures
 * @property {Measure[]} custom
 * @property {SideEffect[]} side_effects
 * @property {{value: number, label: string}[]} severities
 * @property {{shown: boolean, prompt: string, choices: {value: string, label: string}[]}} suicidal_thoughts
 */

/**
 * A day's answers, each null while nobody gave it.
 * @typedef {object} Answers
 * @property {Record<string, number | null>} ratings
 * @property {Record<string, number | null>} custom
 * @property {Ticked[] | null} side_effects
 * @property {string | null} suicidal_thoughts
 * @property {string} note
 */

/** @typedef {{kind: "emergency" | "call" | "text" | "web", name: string | null, number: string, last_verified: string | null, note: string | null}} CrisisLine */
/**
 * @typedef {object} SafetyCard
 * @property {string} language
 * @property {string} title
 * @property {string[]} texts
 * @property {CrisisLine[]} lines
 * @property {string} lines_text
 * @property {string} review
 * @property {string[]} notes
 */

/** @typedef {Record<string, any> & {date: string, revision: number, deleted: boolean, received_at: string}} Checkin */

/**
 * @typedef {object} Summary
 * @property {number | null} value
 * @property {number} n_observed
 * @property {number} n_expected
 * @property {number | null} longest_gap_days
 * @property {[number, number] | null} interval
 * @property {string | null} reason
 */
/** @typedef {Record<string, any> & {from: string | null, to: string | null}} Figures */
/** @typedef {{drug: string, route: string, dose_mg: number | null}} Dose */
/** @typedef {{session_id: string, date: string, status?: string, route: string | null, doses: Dose[]}} Visit */
/** @typedef {{date: string, scheduled_at: string | null, timezone: string, voided_at: string | null}} Booked */
/**
 * @typedef {Measure & {direction: string, period: Figures, since_session: Figures, points: {date: string, value: number}[]}} Trend
 */
/**
 * @typedef {object} Burden
 * @property {string} code
 * @property {string} label
 * @property {number} days
 * @property {Summary} share
 * @property {number} worst_severity
 * @property {Summary} mean_severity
 * @property {Summary} burden
 */
/** @typedef {{from: string | null, to: string | null, days_asked: number, days_expected: number, codes: Burden[]}} Effects */
/** @typedef {{assessment_id: string, date: string, total: number | null, prorated_total: number | null, is_prorated: boolean, band: string | null, recall_spans_session: boolean | null}} ScorePoint */
/**
 * @typedef {object} LastScore
 * @property {string} date
 * @property {number} total
 * @property {number | null} change
 * @property {boolean | null} responded
 * @property {boolean | null} remitted
 * @property {boolean | null} reliably_better
 * @property {boolean | null} reliably_worse
 */
/** @typedef {{key: string, name: string, baseline: {total: number} | null, reason: string | null, points: ScorePoint[], last: LastScore | null}} Scale */
/**
 * @typedef {object} Trends
 * @property {string} method_version
 * @property {string} input_hash
 * @property {Record<string, unknown>} thresholds
 * @property {string} from
 * @property {string} to
 * @property {string} today
 * @property {string} timezone
 * @property {{source: string | null, from: string | null, to: string | null, reason: string | null}} baseline
 * @property {(Visit & {day_offset: number}) | null} last_session
 * @property {Visit[]} sessions
 * @property {Trend[]} measures
 * @property {{period: Effects, since_session: Effects}} side_effects
 * @property {Scale[]} scales
 * @property {{key: string, due_on: string, last_on: string | null}[]} overdue_screens
 */

export {};

/**
 * The shapes that travel between server and page. Types only: nothing imports this file at run time.
 *
 * @typedef {object} RunInfo
 * @property {string} name
 * @property {number} tags index into `tag_sets`
 * @property {number | null} start wall time of the first event, seconds
 * @property {number | null} last wall time of the last event, seconds
 * @property {number | null} last_step
 * @property {number} points scalar points of the run
 * @property {number} damaged files of the run with damage
 *
 * @typedef {object} RunsAnswer
 * @property {number} version
 * @property {string[]} tags
 * @property {number[][]} tag_sets
 * @property {RunInfo[]} runs
 * @property {{name: string, row: number, part: string, tags: number}[]} [parts] runs that are part of a row (its place in `runs`) and lines of their own
 *
 * @typedef {object} LogdirState
 * @property {string} name
 * @property {string} path
 * @property {string} state "ok" | "missing" | "empty" | "unreadable" | "unread"
 * @property {string} detail
 *
 * @typedef {object} Status
 * @property {boolean} ready
 * @property {string} phase "starting" | "failed" | "idle" | "compiling" | "scanning" | "loading" | "following"
 * @property {number} version
 * @property {number} runs
 * @property {number} scalar_points
 * @property {number} events
 * @property {number} bytes_read
 * @property {number} bytes_total
 * @property {{count: number, damaged: number, truncated: number, unreadable: number}} files
 * @property {LogdirState[]} logdirs
 * @property {number} [states] another number when the state of a run has changed, be it that only time passed
 * @property {string} window_title
 * @property {string} stepscope
 *
 * @typedef {object} LiveMessage
 * @property {number} version
 * @property {Status} status
 * @property {string[] | null} runs changed runs; null means all of them
 * @property {number} [state] version of the user state; not told where streams do not pass
 * @property {number} [alerts] version of the alerts; not told where the page asks instead of listening
 * @property {number} [views] version of the view files beside the runs, likewise
 * @property {number} [profiles] version of the list of profiles, likewise; 0 until somebody asks for it
 *
 * @typedef {object} FileInfo
 * @property {string} run whose it is: the one asked for, or one joined to it
 * @property {string} path below its log directory
 * @property {number} size bytes
 * @property {number} bytes_read
 * @property {number} events
 * @property {"ok" | "truncated" | "damaged" | "unreadable"} state
 * @property {Record<string, number>} values kind → how many values of it
 * @property {string} detail why it cannot be read; "" where it can
 * @property {{offset: number, length: number, reason: string}[]} damage
 *
 * @typedef {Int32Array | Uint32Array | Float32Array | Float64Array} Column
 *
 * @typedef {object} Series one run of one tag (one segment of it in "separate" mode)
 * @property {string} tag
 * @property {string} run
 * @property {number} segment
 * @property {number} epoch changes when earlier points changed, not when points were appended
 * @property {number} n points of this series in all
 * @property {number} from index of the first point covered by these columns
 * @property {number} start wall time of the run's first event, seconds
 * @property {number} nan NaN values in the range
 * @property {number} inf infinite values in the range
 * @property {Column} step
 * @property {Column} time seconds since `start`
 * @property {Column} value
 * @property {Column | null} smooth
 * @property {Column | null} [x] where the axis is another scalar: its values
 * @property {number} [members] a group of runs (its name is `run`): how many runs it has
 * @property {Column | null} [low] lower edge of a group's band, around `value`
 * @property {Column | null} [high]
 * @property {Column | null} [smoothLow] the band around `smooth`
 * @property {Column | null} [smoothHigh]
 * @property {Column | null} [count] runs behind each point of a group
 * @property {number} [grid] points of a group kept for drawing, of `union`
 * @property {number} [union]
 *
 * @typedef {"step" | "relative" | "wall" | `tag:${string}`} XAxis see axis.js
 * @typedef {"ema" | "time_ema" | "mean" | "median" | "gaussian"} SmoothingKind
 * @typedef {"mean" | "median"} Center
 * @typedef {"std" | "sem" | "ci95" | "minmax" | "quartiles" | "none"} Spread
 * @typedef {{center: Center, band: Spread, members: {name: string, runs: string[]}[]}} GroupSet runs drawn as groups
 * @typedef {"latest" | "all" | "separate"} Segments
 * @typedef {[number, number]} Range
 * @typedef {{x: Range | null, y: Range | null, right?: Range | null}} View the part of a chart that is shown; null is all of it; `right` is the second y axis
 *
 * @typedef {object} Mark an event on the horizontal axis
 * @property {number} x in units of the axis
 * @property {string} kind "restart" | "checkpoint" | "note" | "alert" | "text"; others look like "text"
 * @property {string} text
 * @property {string} [run]
 * @property {import("./state-changes.js").Annotation} [note] what a person wrote; it can be taken away
 *
 * @typedef {object} StatisticsRow one run or group over a range of x; null where there is none, infinities are spelt out
 * @property {string} tag
 * @property {string} run
 * @property {number} count
 * @property {number} nan
 * @property {number | "Infinity" | "-Infinity" | null} min
 * @property {number | "Infinity" | "-Infinity" | null} max
 * @property {number | "Infinity" | "-Infinity" | null} mean
 * @property {number | "Infinity" | "-Infinity" | null} std
 * @property {number | "Infinity" | "-Infinity" | null} first
 * @property {number | "Infinity" | "-Infinity" | null} last
 * @property {number | "Infinity" | "-Infinity" | null} change
 * @property {number | "Infinity" | "-Infinity" | null} change_percent
 * @property {number | "Infinity" | "-Infinity" | null} slope
 * @property {number | "Infinity" | "-Infinity" | null} step_at_min
 * @property {number | "Infinity" | "-Infinity" | null} step_at_max
 *
 * @typedef {{axis: "y" | "y_right" | "x", value: number, label?: string}} ReferenceLine
 *
 * @typedef {{grid: string, label: string, muted: string, surface: string, accent: string, bad?: string, rawAlpha: number}} Ink colours of a canvas
 *
 * @typedef {object} PointRow what one line says at the cursor
 * @property {string} label
 * @property {string} color
 * @property {number} value
 * @property {number | null} smooth
 * @property {number} step
 * @property {number} wall epoch seconds
 * @property {number} relative seconds since the run's first event
 * @property {number} distance from the pointer, vertical, pixels
 * @property {number | null} [low] lower edge of a group's band here
 * @property {number | null} [high]
 * @property {number | null} [count] runs behind this point of a group
 * @property {string} run name of the run, or of the group
 */
export {};

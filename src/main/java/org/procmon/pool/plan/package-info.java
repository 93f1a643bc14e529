/**
 * What a pool of FastCGI workers does next. Pure functions: no I/O, no clock, no thread, no log.
 *
 * <p>Counts and times come in as events, decisions go out as actions, which the caller performs;
 * {@code PoolPlan.step} is all of it. The caller owns the listening socket. The kernel hands
 * connections to workers; nothing here is on their way. A worker is a supervised process, which the
 * loop restarts when it fails; the pool starts and stops it. {@code PoolPlan.deadline} is the one
 * timer of a pool, and empty for a pool at rest.
 *
 * <p>The table shows an on-demand pool of at most two workers, at most five waiting clients and one
 * second of waiting. Resting: no worker, and the watch is armed. Starting: a client waits for
 * worker 1. Serving: worker 1 is ready. Full: two are ready, and three clients wait. Failing:
 * worker 1 failed twice and waits for its restart. Late: the oldest client has waited for a second.
 * Reconfigured: a static pool of one worker. Opening: worker 1 is ready and outdated, and a second
 * listener is being opened. Renewing: worker 2 starts on it. Promoting: worker 2 is ready. Other
 * events concern worker 1.
 *
 * <pre>
 * event                  | undecided | resting                         | starting               | serving                | full                             | failing  | stopped  | opening                          | renewing                         | promoting
 * ListenerReadable       | .         | look                            | .                      | look                   | .                                | look     | look     | look                             | look                             | look
 * QueueSeen 0            | .         | noted                           | noted                  | noted                  | noted                            | noted    | noted    | noted                            | noted                            | noted
 * QueueSeen 3            | .         | ! max reached, start 1, start 2 | ! max reached, start 2 | ! max reached, start 2 | noted                            | refuse 3 | refuse 3 | noted                            | noted                            | noted
 * QueueSeen 8            | .         | ! max reached, start 1, start 2 | ! max reached, start 2 | ! max reached, start 2 | ! queue overflow, refuse 3       | refuse 8 | refuse 8 | ! queue overflow, refuse 3       | ! queue overflow, refuse 3       | ! queue overflow, refuse 3
 * QueueSeen late         | .         | ! max reached, start 1, start 2 | ! max reached, start 2 | ! max reached, start 2 | ! queue overflow, refuse 1, look | refuse 3 | refuse 3 | ! queue overflow, refuse 1, look | ! queue overflow, refuse 1, look | ! queue overflow, refuse 1, look
 * BusySeen 1             | .         | .                               | noted                  | noted                  | noted                            | noted    | .        | noted                            | noted                            | noted
 * WorkerSeen STARTING    | noted     | noted                           | noted                  | noted                  | noted                            | noted    | retire 1 | noted                            | noted                            | noted
 * WorkerSeen READY       | noted     | noted                           | noted                  | noted                  | noted                            | noted    | retire 1 | noted                            | noted                            | noted
 * WorkerSeen BACKING_OFF | noted     | noted                           | noted                  | noted                  | noted                            | noted    | retire 1 | noted                            | noted                            | noted
 * WorkerSeen ENDED       | noted     | noted                           | noted                  | noted                  | noted                            | retire 1 | retire 1 | noted                            | noted                            | noted
 * WorkerSeen FAILED      | noted     | noted                           | noted                  | noted                  | noted                            | noted    | retire 1 | noted                            | noted                            | noted
 * WorkerSeen RETIRING    | noted     | noted                           | noted                  | noted                  | noted                            | noted    | noted    | noted                            | noted                            | noted
 * WorkerSeen HELD        | noted     | noted                           | noted                  | noted                  | noted                            | noted    | noted    | noted                            | noted                            | noted
 * WorkerGone             | .         | .                               | noted                  | noted                  | noted                            | noted    | .        | noted                            | noted                            | noted
 * OperatorStopped        | arm       | noted                           | retire 1               | retire 1               | retire 1, retire 2               | retire 1 | .        | abandon, retire 1                | abandon, retire 1, retire 2      | retire 1, retire 2
 * OperatorStarted        | arm       | .                               | .                      | .                      | .                                | retire 1 | noted    | .                                | .                                | .
 * Reconfigured           | .         | start 1                         | noted                  | noted                  | retire 2                         | noted    | .        | abandon, open                    | abandon, retire 2                | .
 * WorkerOutdated         | .         | .                               | open                   | open                   | open                             | retire 1 | .        | .                                | .                                | .
 * RollRequested          | .         | .                               | open                   | open                   | open                             | retire 1 | .        | abandon, open                    | abandon, retire 2, open          | noted
 * GenerationOpened       | .         | .                               | .                      | .                      | .                                | .        | .        | start 2                          | .                                | .
 * GenerationImpossible   | .         | .                               | .                      | .                      | .                                | .        | .        | start 2                          | abandon, retire 2, start 3       | .
 * GenerationPromoted     | .         | .                               | .                      | .                      | .                                | .        | .        | .                                | .                                | retire 1, ! recycled, arm
 * GenerationNotPromoted  | .         | .                               | .                      | .                      | .                                | .        | .        | .                                | .                                | abandon, retire 2, ! replacement failed
 * MemorySeen             | .         | .                               | start 2                | start 2                | start 3                          | noted    | .        | .                                | .                                | .
 * ShareWanted            | .         | .                               | .                      | retire 1               | .                                | retire 1 | .        | .                                | .                                | .
 * TimePassed             | .         | .                               | look                   | .                      | look                             | .        | .        | .                                | .                                | .
 *
 *   .      nothing changes        look     count the clients that wait
 *   noted  only the state does    arm      watch the listener
 *   !      report to users        refuse   answer 503 to so many, the oldest first
 *   open, promote, abandon        a generation: a second listener and its workers
 * </pre>
 *
 * <p>The rules, by the class that has them:
 *
 * <ul>
 *   <li>{@code QueueRule}: when the watch fires, the queue is looked at, again after 4 ms, and
 *       later after up to 100 ms. When no client waits, the watch is armed again after such a
 *       pause, so that a pool that keeps up is not woken for each request. After a second without a
 *       client that waits, pauses are short again, and reports are made again. Clients are refused
 *       beyond the limits of the queue, when the pool is stopped, and when all workers have failed:
 *       none is ready, none starts for the first time since it worked, none may be started now.
 *   <li>{@code GrowthRule}: a worker is started for each client that waits, without those that are
 *       starting, at once, up to {@code max}. If a worker is ready, a client counts only when it
 *       still waits 4 ms later. After failures one worker at a time is tried, with a growing delay.
 *   <li>{@code IdleRule}: while a pool has more than its least, busy workers are counted each 100
 *       to 250 ms. When the peak over {@code idle_timeout} and the spare workers are fewer than
 *       there are, one is stopped; the next one when that is gone. A dynamic pool makes up for
 *       missing spare workers when it counts, so also when the watch fires, but not at rest.
 *   <li>{@code GenerationRule}: when a worker is outdated, a second listener is opened, and as many
 *       fresh workers as there are start on it, at least {@code min}. Old ones serve meanwhile, and
 *       other rules start and stop none. When all fresh ones are ready, clients are led to them,
 *       and all old ones are stopped. A run that begins meanwhile is a fresh one. If a fresh one
 *       fails or is not ready within 30 s, the old ones stay and the roll stops, until the pool is
 *       configured or started, or an operator asks again. None of it when the workers that are not
 *       outdated are enough: then the others are stopped.
 *   <li>{@code RecycleRule}: a worker that is too old or too large is stopped when the pool does
 *       not need it, or when another one that was started for it is ready. One at a time; so are
 *       outdated ones if there is no second listener. A replacement that fails stops the change to
 *       a new configuration. Where each worker has its own socket, it is stopped first, and started
 *       again under its number; the next one follows when that is ready.
 *   <li>{@code UpkeepRule}: the least are always there. A worker that ended with success is started
 *       again if it is needed: if it was ever ready, at most once in 100 ms, else after the delays
 *       of {@code backoff}. Workers above {@code max} are stopped. Where each worker has its own
 *       socket, there is one for each number up to {@code max}, in every mode.
 *   <li>{@code ShareRule}: pools of a share have no more workers together than it allows. Each can
 *       have its least. The next one goes to a pool without a worker, then to the one whose clients
 *       wait for longer. A pool with more than its least gives one up that is idle, and does not
 *       start one again that ended.
 *   <li>{@code WorkerNeed}: those that an operator holds are not there, and their numbers are
 *       taken. So numbers reach {@code 2 max + 1} at most. In a static pool nothing takes their
 *       place: it has that many workers less until an operator starts them.
 * </ul>
 *
 * <p>Invariants, which the tests check with random histories:
 *
 * <ol>
 *   <li>No worker is started when {@code max} run, but one for the time of a replacement, or beside
 *       one that is being stopped. There are twice as many for the time of a generation, until its
 *       old workers are gone.
 *   <li>While a client waits and a worker may be started, one is started within about 100 ms, or
 *       one is starting.
 *   <li>A client is refused only by a rule, and not later than 100 ms after its time.
 *   <li>At most one worker is being stopped for being idle or for recycling, but for the old ones
 *       of a generation.
 *   <li>A fresh worker is not stopped for being outdated, and no worker of an old listener stays.
 *   <li>A deadline lies after the step that leaves it, and a pool at rest has none.
 *   <li>Nothing grows with clients or time.
 * </ol>
 */
@NullMarked
package org.procmon.pool.plan;

import org.jspecify.annotations.NullMarked;

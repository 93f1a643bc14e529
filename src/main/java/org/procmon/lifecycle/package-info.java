/**
 * The state machine of a process. Pure functions: no I/O, no clock, no thread, no log. May use
 * {@code spec}.
 *
 * <p>The goal (up, down, forgotten) is what is wanted, the state is what was observed. Events come
 * in one at a time. Each gives the next state of the process and effects, which the caller
 * performs. An effect's result is again an event. Every start passes through {@code Waiting}. Every
 * end of a run that may be followed by another passes through {@code Stopping}. A state's one
 * deadline is part of the state, so leaving the state removes its timer.
 *
 * <pre>
 * event                  Stopped Completed Failed   Waiting      Starting, Running       Stopping              Backoff
 * ---------------------  -------------------------  -----------  ----------------------  --------------------  ---------
 * Start                  Waiting                    .            .                       restart when gone     Waiting
 * Restart                Waiting                    .            Stopping                restart when gone     Waiting
 * ParentRestarted*       Waiting                    .            Stopping                restart when gone     Waiting
 * Stop, Delete           Stopped                    Stopped      Stopping                goal only             Stopped
 * DependenciesMet        .                          ! spawn (1)  .                       .                     .
 * Spawned                .                          Starting**   .                       .                     .
 * ExitedUnobserved       .                          by policy    .                       .                     .
 * SpawnFailed            .                          Backoff***   .                       .                     .
 * LeaderExited           .                          .            Stopping***  ! probe    leader gone  ! probe  .
 * DependentsGone         .                          .            .                       ! first signal        .
 * GroupGone              .                          .            .                       by goal, see below    .
 * GroupNotEmpty          .                          .            .                       ! first signal        .
 * EscapeesFound          .                          .            .                       ! kill survivors      .
 * DeadlinePassed         .                          (1)          Running****             ! next signal, probe  Waiting
 * ScheduleFired start    Waiting *****              .            by overlap (3)          by goal *****, (3)    .
 * ScheduleFired stop*    Stopped *****              Stopped      Stopping                .                     Stopped
 * ScheduleFired restart  .                          .            Stopping                .                     .
 * FilesChanged*          Failed: Waiting ***        .            Stopping, or ! signal   .                     Waiting
 * Refresh                Waiting                    .            Stopping, or ! signal   restart when gone     Waiting
 * HookEnded              .                          (1)          .                       (2)                   .
 * ForceKill              .                          .            .                       ! KILL (2)            .
 * BecameReady            .                          .            Running                 .                     .
 * Notified               .                          .            vitals, deadline        vitals, deadline      .
 * Probed                 .                          .            Stopping when too bad   .                     .
 * WatchdogExpired        .                          .            Stopping when Running   .                     .
 * MemoryExceeded         .                          .            Stopping when too much  .                     .
 *
 *   .    nothing changes          !    effect
 *   *    only while the goal is up
 *   **   or Running, when there is no time to settle
 *   ***  a process that runs to completion goes to Completed or Failed instead, and stays there;
 *        SpawnFailed goes to Failed too when only a person can fix the cause
 *   **** or Stopping, when the deadline was for becoming ready, or for the end of the run
 *   ***** not if an operator stopped it, or the configuration skips it; a finished one is not stopped
 * </pre>
 *
 * <p>(1) A hook before the start runs first, while the state remains Waiting. When it has succeeded
 * and the dependencies are up, the run is spawned. If it fails or times out, that is {@code
 * SpawnFailed}. Stopping the process cancels it.
 *
 * <p>(2) With a hook after the end, the state remains Stopping when the group is empty; a process
 * that runs to completion enters Stopping when its leader exits. What follows is decided when the
 * hook has exited, whatever its status, or is cancelled by its deadline or by {@code ForceKill}.
 *
 * <p>(3) The schedule's overlap setting decides: the start is counted as skipped; or it is queued,
 * and fires when the run has led to Completed or Failed; or the run is restarted. A process that is
 * kept up between a start and a stop is up already.
 *
 * <p>A Running process with a maximum runtime has a deadline too. It is computed from the
 * configuration, so it follows a reload: {@code Lifecycle.deadline}.
 *
 * <p>Signals of the stop plan go to the group, or, where the plan says so, to the leader alone:
 * what the leader leaves in its group when it exits gets KILL at once. KILL always goes to the
 * whole group.
 *
 * <p>When a group is empty, the goal decides. Down gives {@code Stopped}, and forgotten removes the
 * process from the table. Up gives {@code Waiting} if a command ended the run; if it exited by
 * itself, the restart policy decides between {@code Waiting}, {@code Backoff}, {@code Completed}
 * and {@code Failed}. A process that was restarted too often lately goes to {@code Failed} too, and
 * so does one that could not be started for a reason that only a person can fix. With a configured
 * retry, that state has a deadline, which leads to {@code Waiting}.
 *
 * <p>Invariants, which the tests check with random histories:
 *
 * <ol>
 *   <li>A process has at most one run, and it is spawned only when no process of its last run is
 *       left, unless it runs to completion.
 *   <li>A signal goes only to the group of the run that the state holds.
 *   <li>Once the goal is down, nothing is spawned until a command sets it to up, or a time of its
 *       schedule, if no operator has stopped it.
 *   <li>A group is signalled only after the dependents that are being stopped are gone.
 *   <li>A deadline that was reached does not remain in the state.
 *   <li>A report about another run than the present one changes nothing. A report about the present
 *       one starts nothing, and the run's own notifications, even of lost readiness, stop nothing.
 *   <li>Where there are hooks, each run starts after one that succeeded, and each run with an
 *       observed exit is followed by one before the next transition, unless the shutdown is forced.
 *       A process has at most one hook at a time, and none that is not waited for.
 * </ol>
 */
@NullMarked
package org.procmon.lifecycle;

import org.jspecify.annotations.NullMarked;

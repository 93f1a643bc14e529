/**
 * What happens next to a process. Pure functions: no I/O, no clock, no thread, no log. May use
 * {@code spec}.
 *
 * <p>The goal (up, down, forgotten) is what is wanted, the state is what was observed. Events come
 * in one at a time, and lead to a next process and to effects, which the caller performs. An
 * effect's answer is again an event. Every start goes through {@code Waiting}, every end of a run
 * that may be followed by another goes through {@code Stopping}, and a state's one deadline is part
 * of the state, so that leaving the state takes its timer away.
 *
 * <pre>
 * event             Stopped Completed Failed   Waiting      Starting, Running       Stopping              Backoff
 * ----------------  -------------------------  -----------  ----------------------  --------------------  ---------
 * Start             Waiting                    .            .                       restart when gone     Waiting
 * Restart           Waiting                    .            Stopping                restart when gone     Waiting
 * ParentRestarted*  Waiting                    .            Stopping                restart when gone     Waiting
 * Stop, Delete      Stopped                    Stopped      Stopping                goal only             Stopped
 * DependenciesMet   .                          ! spawn (1)  .                       .                     .
 * Spawned           .                          Starting**   .                       .                     .
 * RanUnseen         .                          by policy    .                       .                     .
 * SpawnFailed       .                          Backoff***   .                       .                     .
 * LeaderExited      .                          .            Stopping***  ! probe    leader gone  ! probe  .
 * DependentsGone    .                          .            .                       ! first signal        .
 * GroupGone         .                          .            .                       by goal, see below    .
 * GroupLingers      .                          .            .                       ! first signal        .
 * Survived          .                          .            .                       ! kill survivors      .
 * DeadlinePassed    .                          (1)          Running****             ! next signal, probe  Waiting
 * TimeCame start    Waiting *****              .            by overlap (3)          by goal *****, (3)    .
 * TimeCame stop*    Stopped *****              Stopped      Stopping                .                     Stopped
 * TimeCame restart  .                          .            Stopping                .                     .
 * FilesChanged*     Failed: Waiting ***        .            Stopping, or ! signal   .                     Waiting
 * Refresh           Waiting                    .            Stopping, or ! signal   restart when gone     Waiting
 * HookEnded         .                          (1)          .                       (2)                   .
 * Hurry             .                          .            .                       ! KILL (2)            .
 * BecameReady       .                          .            Running                 .                     .
 * Told              .                          .            vitals, deadline        vitals, deadline      .
 * Looked            .                          .            Stopping when too bad   .                     .
 * FellSilent        .                          .            Stopping when Running   .                     .
 * Outgrew           .                          .            Stopping when too much  .                     .
 *
 *   .    nothing changes          !    effect
 *   *    only while the goal is up
 *   **   or Running, when there is no time to settle
 *   ***  a process that runs to completion goes to Completed or Failed instead, and stays there;
 *        SpawnFailed goes to Failed too when only a person can mend what is wrong
 *   **** or Stopping, when it had to become ready by then, or a run of it to be over
 *   ***** not what an operator holds down, or the configuration skips; nor is what is over stopped
 * </pre>
 *
 * <p>(1) Where there is a hook before the start, that is run first, while the state remains
 * Waiting. When it has done well and what it depends on is up, the run is spawned; if it has not,
 * or not by its deadline, that is {@code SpawnFailed}. To stop the process cancels it.
 *
 * <p>(2) Where there is a hook after the end, the state remains Stopping when the group is gone,
 * or, for a process that runs to completion, goes there when its leader is. What follows is decided
 * when the hook has ended, in whatever way, or is cancelled by its deadline or by {@code Hurry}.
 *
 * <p>(3) As the schedule says of runs that overlap: the start is counted as skipped; or it is
 * remembered, and comes when the run has led to Completed or Failed; or the run is restarted. What
 * is kept up between a start and a stop is up already.
 *
 * <p>A Running process whose runs may last only so long has a deadline too, which is taken from the
 * configuration, so that it follows it: {@code Lifecycle.deadline}.
 *
 * <p>Signals of the stop plan go to the group, or, where the plan says so, to the leader alone:
 * what that leaves in its group when it ends gets KILL at once. KILL is for the whole group in any
 * case.
 *
 * <p>When a group is gone: the goal down gives {@code Stopped}, forgotten leaves the table, and up
 * leads to {@code Waiting} if a command ended the run; if it ended by itself, the restart policy
 * decides between {@code Waiting}, {@code Backoff}, {@code Completed} and {@code Failed}. A process
 * that was restarted too often lately goes to {@code Failed} too, and so does one whose program
 * could not be started for a reason that only a person can mend; where it is to be tried again,
 * that state has a deadline, which leads to {@code Waiting}.
 *
 * <p>Invariants, which the random histories of the tests hold against this:
 *
 * <ol>
 *   <li>A process has at most one run, and it is spawned only when no process of its last run is
 *       left, unless it runs to completion.
 *   <li>A signal goes only to the group of the run that the state holds.
 *   <li>Once the goal is down, nothing is spawned until a command wants it up, or a time of its
 *       schedule, if no operator holds it down.
 *   <li>A group is signalled only after those that depend on it and are being stopped are gone.
 *   <li>A deadline that was reached is not left standing in the past.
 *   <li>What is reported of another run than the present one changes nothing; what is reported of
 *       the present one starts nothing, and what it says of itself, readiness lost among that, ends
 *       nothing.
 *   <li>Where there are hooks, each run starts after one that did well, and each run whose end was
 *       seen is followed by one before anything else comes of that, unless the shutdown is in a
 *       hurry. A process has at most one hook at a time, and none once nobody waits for it.
 * </ol>
 */
@NullMarked
package org.procmon.lifecycle;

import org.jspecify.annotations.NullMarked;

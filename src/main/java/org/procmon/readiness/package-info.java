/**
 * Finds out whether runs are ready and healthy, and notifies the loop. It listens on sockets and
 * descriptors, and probes runs.
 *
 * <p>{@link org.procmon.readiness.ReadinessMonitor} receives each change of a process on the loop's
 * thread; there it only starts and stops checks. Other threads do the checks. Each of them starts
 * when it is first needed:
 *
 * <ul>
 *   <li>the {@code listener} reads what runs report ({@code ReadinessListener});
 *   <li>the {@code prober} probes over sockets that never block ({@code Prober}). Each probe is a
 *       {@code SocketProbe} with at most one socket and one timer: for the next request, or for the
 *       timeout of the current one. On this machine, connect(2) itself succeeds or fails. So a
 *       probe takes four system calls, and only a slower one waits in epoll. Timers that are close
 *       together fire together;
 *   <li>virtual threads, stopped with the run, wait for anything else ({@code BackgroundCheck}):
 *       one for each run, and one for each probe that runs a program or uses TLS ({@code
 *       TlsProbe});
 *   <li>a few {@code resolver}s look up host names, again for each request, since that may block in
 *       the C library.
 * </ul>
 *
 * <p>So no check delays the loop or another check. When to probe, and what an answer means, is the
 * same for all ({@code ProbePolicy}).
 */
@NullMarked
package org.procmon.readiness;

import org.jspecify.annotations.NullMarked;

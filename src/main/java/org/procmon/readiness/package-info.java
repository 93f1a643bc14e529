/**
 * Finds out whether runs are ready and well, and tells the loop: sockets and descriptors on which
 * they say so, and questions that they have to answer.
 *
 * <p>{@link org.procmon.readiness.ReadinessMonitor} is told of each change of a process on the
 * loop's thread and only begins and ends things. Who finds out is another thread, of which there
 * are these, each only from when it is first needed:
 *
 * <ul>
 *   <li>the {@code listener} waits for what runs say ({@code ReadinessListener});
 *   <li>the {@code prober} asks over sockets that never block ({@code Prober}). What is asked of a
 *       run is an {@code SocketProbe}, with one socket at most and one alarm: for the next
 *       question, or for the end of the time that an answer may take. On this machine a connection
 *       is decided by the call that begins it, so that a probe is four system calls, and only what
 *       takes longer waits in epoll. Alarms that are near each other go off together;
 *   <li>virtual ones, ended with the run: where something else has to be awaited ({@code
 *       BackgroundCheck}), one for each run and one for each question of a program, or over TLS
 *       ({@code TlsProbe});
 *   <li>a few {@code resolver}s, where names of hosts are looked up, anew for each question, since
 *       that may block in the C library.
 * </ul>
 *
 * <p>So nothing holds up the loop, or another question. When to ask, and what an answer means, is
 * the same for all ({@code ProbePolicy}).
 */
@NullMarked
package org.procmon.readiness;

import org.jspecify.annotations.NullMarked;

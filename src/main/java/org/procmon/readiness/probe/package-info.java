/**
 * Probes whether runs are ready or healthy: over TCP, Unix sockets, HTTP and TLS, or by a program.
 *
 * <p>The thread {@code prober} probes over sockets that never block; programs and TLS have virtual
 * threads of their own.
 */
@NullMarked
package org.procmon.readiness.probe;

import org.jspecify.annotations.NullMarked;

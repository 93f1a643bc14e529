/**
 * The HTTP front: on Jetty, it takes requests over HTTP/1.1 and HTTP/2 and passes them on, to
 * FastCGI applications, to the handlers of {@code web}, or to files. Nothing of a request waits in
 * memory: bodies are streamed both ways.
 *
 * <p>Each request has a thread of {@link org.procmon.front.RequestThreads} until it is answered;
 * Jetty's few threads only wait for connections and bytes.
 */
@NullMarked
package org.procmon.front;

import org.jspecify.annotations.NullMarked;

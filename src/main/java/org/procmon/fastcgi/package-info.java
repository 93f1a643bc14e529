/**
 * FastCGI 1.0, the application's side: serves an HTTP handler to web servers. Independent of
 * procmon.
 *
 * <p>{@link org.procmon.fastcgi.Responder} accepts connections and gives each a virtual thread, on
 * which its records are read and the handler runs; no two threads use the same connection, except
 * that any may close its channel. {@code HttpAdapter} is all that knows both HTTP and FastCGI.
 *
 * @see <a href="https://fastcgi-archives.github.io/FastCGI_Specification.html">FastCGI
 *     Specification</a>
 */
@NullMarked
package org.procmon.fastcgi;

import org.jspecify.annotations.NullMarked;

/**
 * FastCGI 1.0, the application's side: the record codec and the responder. Independent of procmon.
 *
 * <p>{@link org.procmon.fastcgi.Responder} accepts connections and gives each a virtual thread, on
 * which its records are read and the {@link org.procmon.fastcgi.Handler} runs; no two threads use
 * the same connection, except that any may close its channel. The codec ({@code Records}, {@code
 * RecordParser}, {@code NameValues}) uses no sockets.
 *
 * @see <a href="https://fastcgi-archives.github.io/FastCGI_Specification.html">FastCGI
 *     Specification</a>
 */
@NullMarked
package org.procmon.fastcgi;

import org.jspecify.annotations.NullMarked;

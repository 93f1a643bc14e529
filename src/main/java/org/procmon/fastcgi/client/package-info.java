/**
 * FastCGI 1.0, the web server's side: sends requests to applications. Independent of procmon.
 *
 * <p>{@link org.procmon.fastcgi.client.FastCgiClient} knows an application's address and its
 * limits; a {@link org.procmon.fastcgi.client.ClientConnection} carries one request at a time. The
 * caller's thread reads the response; a virtual thread sends the body, so that an application may
 * write before it has read. Calls block, and are meant for virtual threads.
 *
 * @see <a href="https://fastcgi-archives.github.io/FastCGI_Specification.html">FastCGI
 *     Specification</a>
 */
@NullMarked
package org.procmon.fastcgi.client;

import org.jspecify.annotations.NullMarked;

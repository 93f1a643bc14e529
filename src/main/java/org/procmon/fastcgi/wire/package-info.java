/**
 * The wire format of FastCGI 1.0, shared by the responder and the client: records, name-value
 * pairs, the numbers of the protocol, and the deadlines of connections. The codec uses no sockets.
 *
 * @see <a href="https://fastcgi-archives.github.io/FastCGI_Specification.html">FastCGI
 *     Specification</a>
 */
@NullMarked
package org.procmon.fastcgi.wire;

import org.jspecify.annotations.NullMarked;

/**
 * HTTP as handlers see it: a request, a response, an answer, and the guard against pages of other
 * sites. No transport in it, and nothing of procmon: a {@link org.procmon.http.Handler} runs behind
 * FastCGI or behind an HTTP server, as with Go's {@code net/http}.
 *
 * <p>A transport gives each request a thread of its own, on which the handler runs.
 */
@NullMarked
package org.procmon.http;

import org.jspecify.annotations.NullMarked;

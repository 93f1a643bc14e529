/**
 * The certificate and the private key of the HTTP front: PEM files, read and checked with the JDK
 * alone. {@code procmon check} reads them with the same code.
 */
@NullMarked
package org.procmon.front.tls;

import org.jspecify.annotations.NullMarked;

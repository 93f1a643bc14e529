/**
 * Who may come in: passwords and tokens in files, the form and the cookie for browsers, and what
 * slows down those that guess. {@code procmon check} reads the files with the same code.
 */
@NullMarked
package org.procmon.front.access;

import org.jspecify.annotations.NullMarked;

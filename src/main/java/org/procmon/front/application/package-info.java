/**
 * FastCGI applications behind the front: which worker gets a request, with what variables, and how
 * its answer is passed on.
 */
@NullMarked
package org.procmon.front.application;

import org.jspecify.annotations.NullMarked;

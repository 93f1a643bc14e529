/**
 * One HTTP request on its way through the front: what a target gets, and the answers of the front
 * itself.
 */
@NullMarked
package org.procmon.front.request;

import org.jspecify.annotations.NullMarked;

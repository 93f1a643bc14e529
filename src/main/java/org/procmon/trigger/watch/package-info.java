/**
 * Watches files: says when something that is watched for a process has changed and come to rest.
 *
 * <p>Loaded, and its one thread {@code watch} started, when a process has something to be watched.
 */
@NullMarked
package org.procmon.trigger.watch;

import org.jspecify.annotations.NullMarked;

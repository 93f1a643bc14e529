/**
 * Turns the files of other supervisors into a configuration: supervisord's, a Procfile, systemd
 * units. What starts FastCGI applications becomes pools: php-fpm, spawn-fcgi, lighttpd, mono-fpm, a
 * process manager for Julia. Reports each setting that has no equivalent.
 *
 * <p>For the command line only. Nothing here is shared between threads. All code runs on the
 * caller's thread, and blocks while it reads files.
 */
@NullMarked
package org.procmon.importing;

import org.jspecify.annotations.NullMarked;

/**
 * What the importers of FastCGI spawners share: the addresses of pools, and pools that differ in
 * their names and addresses.
 */
@NullMarked
package org.procmon.importing.pools;

import org.jspecify.annotations.NullMarked;

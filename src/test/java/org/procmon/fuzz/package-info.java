/**
 * Random inputs against what reads them from strangers. Each input comes from a seed, which every
 * failure tells: {@code -Dprocmon.seed=N} makes them again, {@code -Dprocmon.fuzz.seconds=N} goes
 * on for so long instead of the usual number.
 */
package org.procmon.fuzz;

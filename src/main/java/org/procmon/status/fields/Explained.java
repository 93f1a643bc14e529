package org.procmon.status.fields;

/** Why a process, or a pool, is in its state. */
public sealed interface Explained permits Explanation, PoolExplanation {
    /** What comes next and when, or what is needed for it, in words. */
    String outlook();
}

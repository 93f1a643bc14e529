package org.procmon.importing.lighttpd;

import java.util.List;
import org.procmon.importing.draft.SourceLocation;

/** A value in a file of lighttpd. */
sealed interface LighttpdValue {
    /** A string. */
    record Text(String value) implements LighttpdValue {}

    /** A whole number. */
    record Whole(int value) implements LighttpdValue {}

    /** An array. */
    record Items(List<Item> items) implements LighttpdValue {}

    /** The value of a variable that is not set, or of which it is a part. */
    record Unset(String name) implements LighttpdValue {}

    /**
     * An element of an array.
     *
     * @param key empty if it has none
     */
    record Item(SourceLocation spot, String key, LighttpdValue value) {}
}

package org.procmon.status.fields;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The values of one object as it is read, from which its record is made. One thread. */
public final class FieldValues {
    private final @Nullable Object[] values;

    FieldValues(int size) {
        values = new @Nullable Object[size];
    }

    /** Only with a value of the field's own type. */
    void put(Field<?, ?> field, Object value) {
        values[field.index()] = value;
    }

    /** The value of a field, or the blank one of its type. */
    public <V> V get(Field<?, V> field) {
        V value = valueOf(field);
        return value == null ? field.type().blank() : value;
    }

    /** The value of a field; empty if its key was not there. */
    <V> Optional<V> find(Field<?, V> field) {
        return Optional.ofNullable(valueOf(field));
    }

    @SuppressWarnings("unchecked") // put takes nothing else
    private <V> @Nullable V valueOf(Field<?, V> field) {
        return (V) values[field.index()];
    }

    OptionalInt number(Field<?, Integer> field) {
        Integer found = valueOf(field);
        return found == null ? OptionalInt.empty() : OptionalInt.of(found);
    }

    OptionalLong count(Field<?, Long> field) {
        Long found = valueOf(field);
        return found == null ? OptionalLong.empty() : OptionalLong.of(found);
    }
}

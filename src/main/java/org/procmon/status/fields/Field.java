package org.procmon.status.fields;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.io.SerializedString;

/**
 * A key of a JSON object, and all that is known about it. Nothing of it changes once its table is
 * made.
 *
 * @param <R> the record whose value it is
 * @param <V> its value
 */
public final class Field<R, V> {
    /** Takes the value of a field from a record; null if the key is left out. */
    @FunctionalInterface
    public interface Getter<R, V> {
        @Nullable V of(R from);
    }

    /** The value of a field in words; empty words are not shown. */
    @FunctionalInterface
    public interface Words<R, V> {
        String of(R from, V value);
    }

    /**
     * How it is shown to people.
     *
     * @param place the order among the lines, the lowest first
     */
    record Shown<R, V>(int place, String label, Words<R, V> words) {}

    private final int index;

    /** Encoded only once. */
    private final SerializedString name;

    private final FieldType<V> type;
    private final FieldType<V> present;
    private final Getter<R, V> getter;
    private String description = "";
    private String unit = "";
    private String metric = "";
    private Optional<Shown<R, V>> shown = Optional.empty();

    Field(int index, String name, FieldType<V> type, Getter<R, V> getter) {
        this.index = index;
        this.name = new SerializedString(name);
        this.type = type;
        this.present = type.present();
        this.getter = getter;
    }

    /** Says what it means, in a line of Markdown. */
    public Field<R, V> means(String text) {
        description = text;
        return this;
    }

    /** Says what it is measured in. */
    Field<R, V> in(String newUnit) {
        unit = newUnit;
        return this;
    }

    /** Gives it a line in {@code procmon status}, in the usual words of its type. */
    Field<R, V> line(int place, String label) {
        return line(place, label, (_, value) -> type.words(value));
    }

    /** Gives it a line in {@code procmon status}. */
    Field<R, V> line(int place, String label, Words<R, V> words) {
        shown = Optional.of(new Shown<>(place, label, words));
        return this;
    }

    /** Gives it a name as a metric, without the prefix {@code procmon_process_}. */
    Field<R, V> metric(String newMetric) {
        metric = newMetric;
        return this;
    }

    /** Its place in its table, from 0. */
    int index() {
        return index;
    }

    String name() {
        return name.getValue();
    }

    FieldType<V> type() {
        return type;
    }

    /** What it means, in a line of Markdown. */
    String description() {
        return description;
    }

    /** Such as {@code ms}; empty without one. */
    String unit() {
        return unit;
    }

    /** Its name as a metric; empty if it is none. */
    String metric() {
        return metric;
    }

    /** How it is shown to people; empty if it is not. */
    Optional<Shown<R, V>> shown() {
        return shown;
    }

    /** Its value; null if the key is left out. */
    @Nullable V of(R from) {
        return getter.of(from);
    }

    /** Writes its key and its value, unless it is left out. */
    void write(JsonGenerator json, R from) {
        V value = getter.of(from);
        if (value != null) {
            json.writeName(name);
            present.write(json, value);
        }
    }

    /** Reads the value that the parser is at. */
    V read(JsonParser json) {
        return present.read(json);
    }
}

package org.procmon.importing.lighttpd;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.SourceLocation;

/** The variables and settings that are set at a place: in a block, and in those around it. */
final class LighttpdScope {
    private static final String VARIABLE = "var.";
    private static final String ENVIRONMENT = "env.";

    /** No path or command is longer. */
    private static final int LONGEST_TEXT = 1 << 16;

    private static final int MOST_ITEMS = 10_000;

    private final Map<String, String> environment;
    private final @Nullable LighttpdScope outer;
    private final Map<String, LighttpdValue> values = new HashMap<>();

    private LighttpdScope(Map<String, String> environment, @Nullable LighttpdScope outer) {
        this.environment = environment;
        this.outer = outer;
    }

    static LighttpdScope top(Map<String, String> environment) {
        return new LighttpdScope(environment, null);
    }

    LighttpdScope block() {
        return new LighttpdScope(environment, this);
    }

    /** The value of a variable or a setting. */
    LighttpdValue value(String name) {
        if (name.startsWith(ENVIRONMENT)) {
            String value = environment.get(name.substring(ENVIRONMENT.length()));
            return value == null ? new LighttpdValue.Unset(name) : new LighttpdValue.Text(value);
        }
        for (LighttpdScope scope = this; scope != null; scope = scope.outer) {
            LighttpdValue value = scope.values.get(canonical(name));
            if (value != null) {
                return value;
            }
        }
        return new LighttpdValue.Unset(name);
    }

    /** A name without a dot is a variable, too. */
    private static String canonical(String name) {
        return name.startsWith(VARIABLE) ? name.substring(VARIABLE.length()) : name;
    }

    void set(String name, LighttpdValue value) {
        values.put(canonical(name), value);
    }

    /** What {@code +} makes of two values. */
    static LighttpdValue sum(SourceLocation spot, LighttpdValue one, LighttpdValue other)
            throws ImportAborted {
        if (one instanceof LighttpdValue.Unset) {
            return one;
        }
        if (other instanceof LighttpdValue.Unset) {
            return other;
        }
        if (one instanceof LighttpdValue.Items first
                && other instanceof LighttpdValue.Items second) {
            if (first.items().size() + second.items().size() > MOST_ITEMS) {
                throw ImportAborted.at(spot, "this array is too large");
            }
            List<LighttpdValue.Item> all = new ArrayList<>(first.items());
            all.addAll(second.items());
            return new LighttpdValue.Items(all);
        }
        if (one instanceof LighttpdValue.Whole first
                && other instanceof LighttpdValue.Whole second) {
            return new LighttpdValue.Whole(
                    Math.clamp((long) first.value() + second.value(), 0, Integer.MAX_VALUE));
        }
        if (one instanceof LighttpdValue.Items || other instanceof LighttpdValue.Items) {
            throw ImportAborted.at(spot, "an array cannot be added to a string or a number");
        }
        String text = text(one) + text(other);
        if (text.length() > LONGEST_TEXT) {
            throw ImportAborted.at(spot, "this string is too long");
        }
        return new LighttpdValue.Text(text);
    }

    private static String text(LighttpdValue value) {
        return switch (value) {
            case LighttpdValue.Text text -> text.value();
            case LighttpdValue.Whole number -> Integer.toString(number.value());
            case LighttpdValue.Items _, LighttpdValue.Unset _ -> "";
        };
    }
}

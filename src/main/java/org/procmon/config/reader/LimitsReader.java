package org.procmon.config.reader;

import java.util.ArrayList;
import java.util.List;
import org.procmon.config.Limit;
import org.procmon.config.SizeText;
import org.procmon.config.Strings;

/** Reads {@code limits}. */
final class LimitsReader {
    static final Keys KEYS = new Keys(Limit.Resource.words(), List.of());

    private static final String UNLIMITED = "unlimited";
    private static final String OTHERWISE = ", \"SOFT:HARD\" or \"unlimited\"";
    private static final String COUNT = "a whole number" + OTHERWISE;
    private static final String SIZE = "a number of bytes, a size such as \"64MiB\"" + OTHERWISE;

    /** Up to here, a double holds every whole number exactly. */
    private static final double LARGEST = 1L << 53;

    private static final long BAD = -1;

    private final Problems problems;

    LimitsReader(Problems problems) {
        this.problems = problems;
    }

    /** In the order of the resources. */
    List<Limit> read(ObjectReader process) {
        JsonValue.Members object = process.object("limits");
        if (object == null) {
            return List.of();
        }
        ObjectReader objectReader = new ObjectReader(object, KEYS, problems);
        List<Limit> limits = new ArrayList<>();
        for (Limit.Resource resource : Limit.Resource.values()) {
            JsonValue jsonValue = objectReader.value(resource.word());
            if (jsonValue != null) {
                read(resource, jsonValue, limits);
            }
        }
        return limits;
    }

    private void read(Limit.Resource resource, JsonValue jsonValue, List<Limit> limits) {
        String what = "limit '" + resource.word() + "'";
        String expected = resource.isInBytes() ? SIZE : COUNT;
        long soft;
        long hard;
        if (jsonValue instanceof JsonValue.Numeral numeral) {
            soft = whole(Double.parseDouble(numeral.text()));
            hard = soft;
            if (soft == BAD) {
                problems.add(
                        jsonValue.offset(),
                        () ->
                                what
                                        + " must be "
                                        + expected
                                        + ", found "
                                        + Problems.shown(numeral.text()));
            }
        } else if (jsonValue instanceof JsonValue.Text text) {
            int colon = text.value().indexOf(':');
            String first = colon < 0 ? text.value() : text.value().substring(0, colon);
            soft = one(resource, first);
            hard = colon < 0 ? soft : one(resource, text.value().substring(colon + 1));
            if (soft == BAD || hard == BAD) {
                problems.badText(what, expected, text);
            }
        } else {
            problems.wrongKind(what, expected, jsonValue);
            return;
        }
        if (soft == BAD || hard == BAD) {
            return;
        }
        if (soft > hard) {
            problems.add(
                    jsonValue.offset(),
                    what
                            + " has a soft limit, "
                            + Limit.text(soft)
                            + ", above its hard limit, "
                            + Limit.text(hard));
        }
        limits.add(new Limit(resource, soft, hard));
    }

    private static long one(Limit.Resource resource, String text) {
        if (text.equals(UNLIMITED)) {
            return Limit.UNLIMITED;
        }
        // A fraction of a byte, as in 1.1kB, comes from rounding.
        boolean size = resource.isInBytes() || Strings.isDigits(text);
        return size ? whole(Math.rint(SizeText.bytes(text))) : BAD;
    }

    private static long whole(double number) {
        return number >= 0 && number <= LARGEST && number == Math.rint(number)
                ? (long) number
                : BAD;
    }
}

package org.procmon.config.reader;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.procmon.config.ControlSpec;
import org.procmon.config.Strings;

/** Reads {@code control}. */
final class ControlReader {
    private static final String ACCOUNT = "the name of a user, a uid, \"@GROUP\" or \"http:USER\"";
    private static final String MODE = "a string of octal digits such as \"0660\"";

    private final Problems problems;

    private final Groups groups;

    ControlReader(Problems problems, Groups groups) {
        this.problems = problems;
        this.groups = groups;
    }

    ControlSpec read(JsonValue.Members object) {
        ObjectReader objectReader = new ObjectReader(object, Keys.CONTROL, problems);
        return new ControlSpec(
                accounts(objectReader, "operators"),
                accounts(objectReader, "viewers"),
                group(objectReader),
                mode(objectReader));
    }

    private List<String> accounts(ObjectReader objectReader, String key) {
        List<String> accounts = new ArrayList<>();
        for (JsonValue jsonValue : objectReader.items(key, "an array of users, uids and groups")) {
            if (jsonValue instanceof JsonValue.Text text
                    && (isAccount(text.value()) || isWebUser(text.value()))) {
                accounts.add(text.value());
            } else if (jsonValue instanceof JsonValue.Numeral uid && Strings.isDigits(uid.text())) {
                accounts.add(uid.text());
            } else if (jsonValue instanceof JsonValue.Text text) {
                problems.badText("each entry of '" + key + "'", ACCOUNT, text);
            } else {
                problems.wrongKind("each entry of '" + key + "'", ACCOUNT, jsonValue);
            }
        }
        return accounts;
    }

    private Optional<String> group(ObjectReader objectReader) {
        JsonValue jsonValue = objectReader.value("socket_group");
        if (jsonValue instanceof JsonValue.Numeral gid && Strings.isDigits(gid.text())) {
            return Optional.of(gid.text());
        }
        String expected = "the name of a group or a gid";
        JsonValue.Text text = objectReader.asText(jsonValue, "socket_group", expected);
        if (text == null) {
            return Optional.empty();
        }
        if (text.value().startsWith("@") || !isAccount(text.value())) {
            problems.badText("'socket_group'", expected, text);
            return Optional.empty();
        }
        Optional<String> missing = groups.problem(text.value());
        missing.ifPresent(why -> problems.add(text.offset(), "'socket_group': " + why));
        return Optional.of(text.value());
    }

    private int mode(ObjectReader objectReader) {
        JsonValue.Text text =
                objectReader.asText(objectReader.value("socket_mode"), "socket_mode", MODE);
        if (text == null) {
            return ControlSpec.DEFAULT.socketMode();
        }
        String digits = text.value();
        int mode = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            mode = digit < 0 || digit > 7 || mode < 0 ? -1 : mode * 8 + digit;
        }
        if (digits.length() < 3 || digits.length() > 4 || mode < 0 || mode > 0777) {
            problems.badText("'socket_mode'", MODE, text);
            return ControlSpec.DEFAULT.socketMode();
        }
        return mode;
    }

    /** Whether a text means a user of the web server; such names may contain blanks. */
    private static boolean isWebUser(String text) {
        return text.startsWith(ControlSpec.WEB_USER)
                && text.length() > ControlSpec.WEB_USER.length()
                && text.chars().noneMatch(Character::isISOControl);
    }

    /** Whether a text may be the name of a user, or of a group with {@code @} before it. */
    static boolean isAccount(String text) {
        boolean group = text.startsWith("@");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c == ':' || c == ',' || Character.isISOControl(c)) {
                return false;
            }
        }
        return text.length() > (group ? 1 : 0);
    }
}

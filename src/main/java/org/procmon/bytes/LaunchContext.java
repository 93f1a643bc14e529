package org.procmon.bytes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The arguments and variables of this program, to the byte. Its launcher is a shell, which drops
 * variables that a shell cannot use, and has to choose the locale by which Java reads paths: so it
 * leaves a record of the variables that it was started with itself.
 */
public final class LaunchContext {
    /** The record: {@code NAME=VALUE} strings, each followed by a NUL, in base64. */
    static final String RECORD = "PROCMON_ENVIRON";

    /** The variable that the launcher sets, and the property with its former value. */
    static final String LOCALE = "LC_ALL";

    private static final String LOCALE_BEFORE = "procmon.lc_all";
    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

    private LaunchContext() {}

    /** The variables. */
    public static Map<String, String> variables() {
        return variables(System.getenv(), System.getProperty(LOCALE_BEFORE));
    }

    /**
     * The variables.
     *
     * @param environment as the launcher has changed it
     * @param localeBefore the value that it has replaced; null if there was none
     */
    static Map<String, String> variables(
            Map<String, String> environment, @Nullable String localeBefore) {
        String record = environment.get(RECORD);
        if (record != null) {
            try {
                return parsed(Base64.getDecoder().decode(record));
            } catch (IllegalArgumentException _) {
                // Of another program, when this one was started without its launcher.
            }
        }
        Map<String, String> variables = new HashMap<>(environment);
        variables.remove(RECORD);
        if (System.getProperty("procmon.program") != null) {
            variables.remove(LOCALE);
        }
        if (localeBefore != null) {
            variables.put(LOCALE, localeBefore);
        }
        return variables;
    }

    private static Map<String, String> parsed(byte[] record) {
        Map<String, String> variables = new HashMap<>();
        for (String assignment : strings(record)) {
            int equals = assignment.indexOf('=');
            if (equals > 0) {
                variables.putIfAbsent(
                        assignment.substring(0, equals), assignment.substring(equals + 1));
            }
        }
        return variables;
    }

    /**
     * The arguments.
     *
     * @param decoded as the JDK has decoded them
     */
    public static String[] arguments(String... decoded) {
        for (String argument : decoded) {
            if (ByteText.mayBeInexact(argument)) {
                return exactly(decoded);
            }
        }
        return decoded;
    }

    /** The last words of the command line. */
    private static String[] exactly(String... decoded) {
        try {
            List<String> words = strings(Files.readAllBytes(COMMAND_LINE));
            int first = words.size() - decoded.length;
            return first < 0 ? decoded : words.subList(first, words.size()).toArray(String[]::new);
        } catch (IOException _) {
            return decoded;
        }
    }

    private static List<String> strings(byte[] terminated) {
        List<String> strings = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < terminated.length; i++) {
            if (terminated[i] == 0) {
                strings.add(ByteText.decode(terminated, from, i - from));
                from = i + 1;
            }
        }
        return strings;
    }
}

package org.procmon.control.server;

import java.util.ArrayList;
import java.util.List;
import org.procmon.chronicle.Caller;
import org.procmon.chronicle.Chronicle;
import org.procmon.chronicle.Happening;
import org.procmon.chronicle.Happening.Outcome;
import org.procmon.control.protocol.Call;
import org.procmon.control.protocol.ErrorName;
import org.procmon.control.protocol.Method;
import org.procmon.spec.Signal;

/**
 * Tells the log and the chronicle who has asked for which change, and what has become of it: one
 * line for each call, whatever its names are made of. Of those that change nothing a user has only
 * so many, or it would fill both. Safe from any thread.
 */
final class Audit {
    /** How many names are told, and how many characters they have together. */
    private static final int MOST_NAMES = 20;

    private static final int LONGEST_NAMES = 512;
    private static final int LONGEST_TEXT = 256;

    private final Chronicle chronicle;
    private final ClientLog log;

    Audit(Chronicle chronicle, ClientLog log) {
        this.chronicle = chronicle;
        this.log = log;
    }

    /** A call was answered. */
    void note(Method method, Call call, Standing who, Answer answer) {
        Answer first = answer instanceof Answer.Before before ? before.answer() : answer;
        if (first instanceof Answer.Texts texts && !texts.error().isEmpty()) {
            boolean refused = texts.error().equals(ErrorName.NOT_PERMITTED.wireName());
            note(method, call, who, refused ? Outcome.REFUSED : Outcome.FAILED, words(texts));
        } else {
            boolean known = call.waits() && !call.oneway();
            note(method, call, who, known ? Outcome.DONE : Outcome.ACCEPTED, "");
        }
    }

    /** The monitor has ended before a call could be answered. */
    void noteUnanswered(Method method, Call call, Standing who) {
        note(method, call, who, Outcome.FAILED, "the monitor ended before it was done");
    }

    private void note(Method method, Call call, Standing who, Outcome outcome, String reason) {
        boolean isBad = outcome == Outcome.REFUSED || outcome == Outcome.FAILED;
        Caller caller = who.caller();
        if (isBad && !who.isOwn() && !log.admits("the user " + caller.user())) {
            return;
        }
        Happening what =
                new Happening.Commanded(
                        verb(method, call),
                        shortened(call.names()),
                        caller,
                        outcome,
                        shortened(reason));
        chronicle.add(what);
        if (outcome == Outcome.REFUSED) {
            log.warnAnyhow(what.text());
        } else {
            log.info(what.text());
        }
    }

    private static String verb(Method method, Call call) {
        String name = method.wireName().substring(method.wireName().lastIndexOf('.') + 1);
        return Signal.parse(call.signal()).map(signal -> name + " " + signal.word()).orElse(name);
    }

    private static String words(Answer.Texts error) {
        List<String> parameters = error.parameters();
        for (int i = 0; i < parameters.size(); i += 2) {
            if (parameters.get(i).equals("reason")) {
                return parameters.get(i + 1);
            }
        }
        String kind = error.error().substring(error.error().lastIndexOf('.') + 1);
        return parameters.isEmpty() ? kind : kind + " " + parameters.getLast();
    }

    private static List<String> shortened(List<String> names) {
        List<String> some = new ArrayList<>();
        int left = LONGEST_NAMES;
        for (String name : names) {
            if (some.size() == MOST_NAMES || left <= 0) {
                some.add("and " + (names.size() - some.size()) + " more");
                return some;
            }
            some.add(shortened(name));
            left -= some.getLast().length();
        }
        return some;
    }

    private static String shortened(String text) {
        boolean inPair =
                text.length() > LONGEST_TEXT
                        && Character.isHighSurrogate(text.charAt(LONGEST_TEXT - 1));
        return text.length() <= LONGEST_TEXT
                ? text
                : text.substring(0, inPair ? LONGEST_TEXT - 1 : LONGEST_TEXT) + "...";
    }
}

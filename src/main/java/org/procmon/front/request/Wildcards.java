package org.procmon.front.request;

/** Patterns in which an asterisk stands for any characters. */
public final class Wildcards {
    private Wildcards() {}

    /** Whether a text matches. In time that is linear in most cases, quadratic at worst. */
    public static boolean matches(String glob, String text) {
        int at = 0;
        int inGlob = 0;
        int star = -1;
        int resume = 0;
        while (at < text.length()) {
            if (inGlob < glob.length() && glob.charAt(inGlob) == '*') {
                star = inGlob++;
                resume = at;
            } else if (inGlob < glob.length() && glob.charAt(inGlob) == text.charAt(at)) {
                inGlob++;
                at++;
            } else if (star >= 0) {
                inGlob = star + 1;
                at = ++resume;
            } else {
                return false;
            }
        }
        while (inGlob < glob.length() && glob.charAt(inGlob) == '*') {
            inGlob++;
        }
        return inGlob == glob.length();
    }
}

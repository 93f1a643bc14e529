package org.procmon.front.request;

import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/** Which encodings of a body a client accepts. Source: RFC 9110, section 12.5.3. */
public final class ContentCodings {
    private static final String QUALITY = "q=";

    private ContentCodings() {}

    /** How much a client likes an encoding: from 0, not accepted, to 1; 0 if it cannot be read. */
    public static double quality(HttpFields fields, String coding) {
        double any = 0;
        List<String> values = fields.getValuesList(HttpHeader.ACCEPT_ENCODING);
        for (String value : values) {
            for (String one : value.split(",", -1)) {
                String[] parts = one.strip().toLowerCase(Locale.ROOT).split("\\s*;\\s*", -1);
                if (parts[0].equals(coding)) {
                    return quality(parts);
                }
                if (parts[0].equals("*")) {
                    any = quality(parts);
                }
            }
        }
        return any;
    }

    private static double quality(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            if (parts[i].startsWith(QUALITY)) {
                String value = parts[i].substring(QUALITY.length());
                return value.matches("[01](\\.\\d{0,3})?")
                        ? Math.min(1, Double.parseDouble(value))
                        : 0;
            }
        }
        return 1;
    }
}

package org.procmon.front.access;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.QuotedCSV;
import org.procmon.http.AddressRange;

/**
 * The client that proxies name. Each adds the address that it has heard from at the end, so the
 * last one that is no trusted proxy itself is the client; what stands before it, the client may
 * have made up.
 *
 * @param address the client
 * @param isHttps whether the client spoke TLS; empty if the proxy does not say
 */
record ForwardedClient(InetAddress address, Optional<Boolean> isHttps) {
    private static final int MOST_HOPS = 64;

    /** One step of the way: an address if it is one, and the scheme. */
    private record Hop(Optional<InetAddress> from, Optional<Boolean> isHttps) {}

    /** Two fields say different things, so that one of them is forged. */
    static final class Contradiction extends Exception {
        private static final long serialVersionUID = 1;

        private Contradiction() {
            super("X-Forwarded-For and Forwarded name different clients", null, false, false);
        }
    }

    /** What the fields of a trusted proxy say; empty if they name no client. */
    static Optional<ForwardedClient> of(HttpFields fields, TrustedProxies trusted)
            throws Contradiction {
        Optional<ForwardedClient> usual = client(usual(fields), trusted);
        Optional<ForwardedClient> standard = client(standard(fields), trusted);
        if (usual.isPresent()
                && standard.isPresent()
                && !usual.get().address().equals(standard.get().address())) {
            throw new Contradiction();
        }
        return usual.or(() -> standard);
    }

    private static Optional<ForwardedClient> client(List<Hop> hops, TrustedProxies trusted) {
        Optional<ForwardedClient> client = Optional.empty();
        for (Hop hop : hops.reversed()) {
            if (hop.from().isEmpty()) {
                // An unknown or obfuscated one: the proxy that wrote it is all that is known.
                break;
            }
            client = Optional.of(new ForwardedClient(hop.from().get(), hop.isHttps()));
            if (!trusted.include(hop.from().get())) {
                break;
            }
        }
        return client;
    }

    /** The scheme is that of the last proxy, which overwrites or adds to what others say. */
    private static List<Hop> usual(HttpFields fields) {
        List<String> schemes = last(fields.getCSV("X-Forwarded-Proto", false));
        Optional<Boolean> isHttps = schemes.isEmpty() ? Optional.empty() : https(schemes.getLast());
        return last(fields.getCSV("X-Forwarded-For", false)).stream()
                .map(one -> new Hop(address(one), isHttps))
                .toList();
    }

    /** Source: RFC 7239, section 4. */
    private static List<Hop> standard(HttpFields fields) {
        List<Hop> hops = new ArrayList<>();
        for (String element : last(values(fields))) {
            Optional<InetAddress> from = Optional.empty();
            Optional<Boolean> isHttps = Optional.empty();
            for (String pair : element.split(";", -1)) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? "" : pair.substring(0, equals).strip();
                String value = QuotedCSV.unquote(pair.substring(equals + 1).strip());
                switch (name.toLowerCase(Locale.ROOT)) {
                    case "for" -> from = address(value);
                    case "proto" -> isHttps = https(value);
                    default -> {
                        // The proxy itself, or the host, which the proxy passes on anyway.
                    }
                }
            }
            hops.add(new Hop(from, isHttps));
        }
        return hops;
    }

    private static List<String> values(HttpFields fields) {
        return fields.getCSV("Forwarded", true);
    }

    private static List<String> last(List<String> all) {
        return all.subList(Math.max(0, all.size() - MOST_HOPS), all.size());
    }

    private static Optional<Boolean> https(String scheme) {
        return switch (scheme.toLowerCase(Locale.ROOT)) {
            case "https" -> Optional.of(true);
            case "http" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    /** Of {@code 10.0.0.1}, {@code 10.0.0.1:80}, {@code ::1} or {@code [::1]:80}. */
    private static Optional<InetAddress> address(String text) {
        String literal = text.strip();
        if (literal.startsWith("[")) {
            int end = literal.indexOf(']');
            literal = end < 0 ? "" : literal.substring(1, end);
        } else if (literal.indexOf(':') == literal.lastIndexOf(':') && literal.indexOf(':') > 0) {
            literal = literal.substring(0, literal.indexOf(':'));
        }
        return AddressRange.address(literal);
    }
}

package io.reactivep2p.transport.websocket;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A listener's certificates and its key, as they are in PEM files. Blocks. */
final class CertificateFiles {

    private static final Pattern PRIVATE_KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    private static final byte[] PROBE = {1, 2, 3, 4};

    private CertificateFiles() {}

    /** @throws IllegalArgumentException if a file cannot be read, or its content does not fit */
    static SslContext forServer(Path chain, Path key) {
        try {
            X509Certificate[] certificates = certificates(chain);
            PublicKey publicKey = certificates[0].getPublicKey();
            PrivateKey privateKey = privateKey(key, publicKey.getAlgorithm());
            if (!isPair(publicKey, privateKey)) {
                throw new GeneralSecurityException("the key is another certificate's");
            }
            return SslContextBuilder.forServer(privateKey, certificates).build();
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException("no certificate in " + chain + " with its key in " + key + ": " + e, e);
        }
    }

    private static X509Certificate[] certificates(Path file) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(file)) {
            List<X509Certificate> found = CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                    .map(X509Certificate.class::cast)
                    .toList();
            if (found.isEmpty()) {
                throw new GeneralSecurityException("no certificate");
            }
            return found.toArray(X509Certificate[]::new);
        }
    }

    private static PrivateKey privateKey(Path file, String algorithm) throws IOException, GeneralSecurityException {
        Matcher pem = PRIVATE_KEY.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
        if (!pem.find()) {
            throw new GeneralSecurityException("no PKCS#8 private key without a password");
        }
        byte[] encoded = Base64.getMimeDecoder().decode(pem.group(1));
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
    }

    /** The JDK does not look before a handshake fails. */
    private static boolean isPair(PublicKey publicKey, PrivateKey privateKey) throws GeneralSecurityException {
        String algorithm = publicKey.getAlgorithm();
        Signature signature = Signature.getInstance(
                switch (algorithm) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> algorithm;
                });
        signature.initSign(privateKey);
        signature.update(PROBE);
        byte[] signed = signature.sign();
        signature.initVerify(publicKey);
        signature.update(PROBE);
        return signature.verify(signed);
    }
}

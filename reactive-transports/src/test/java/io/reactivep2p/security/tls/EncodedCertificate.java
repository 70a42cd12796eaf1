package io.reactivep2p.security.tls;

import java.math.BigInteger;
import java.security.Principal;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.Date;
import java.util.Set;

/** A certificate as a handshake delivers it when the JDK cannot read it: there is the encoding, and nothing else can be asked for. */
final class EncodedCertificate extends X509Certificate {

    private static final long serialVersionUID = 1L;

    private final byte[] encoded;

    EncodedCertificate(byte[] encoded) {
        this.encoded = encoded;
    }

    @Override
    public byte[] getEncoded() {
        return encoded;
    }

    @Override
    public String toString() {
        return "a certificate of " + encoded.length + " bytes";
    }

    private static IllegalStateException unread() {
        return new IllegalStateException("the JDK cannot read this certificate");
    }

    @Override
    public byte[] getTBSCertificate() {
        throw unread();
    }

    @Override
    public byte[] getSignature() {
        throw unread();
    }

    @Override
    public String getSigAlgName() {
        throw unread();
    }

    @Override
    public String getSigAlgOID() {
        throw unread();
    }

    @Override
    public byte[] getSigAlgParams() {
        throw unread();
    }

    @Override
    public Principal getIssuerDN() {
        throw unread();
    }

    @Override
    public Principal getSubjectDN() {
        throw unread();
    }

    @Override
    public BigInteger getSerialNumber() {
        throw unread();
    }

    @Override
    public Date getNotBefore() {
        throw unread();
    }

    @Override
    public Date getNotAfter() {
        throw unread();
    }

    @Override
    public PublicKey getPublicKey() {
        throw unread();
    }

    @Override
    public int getVersion() {
        throw unread();
    }

    @Override
    public int getBasicConstraints() {
        throw unread();
    }

    @Override
    public boolean[] getIssuerUniqueID() {
        throw unread();
    }

    @Override
    public boolean[] getSubjectUniqueID() {
        throw unread();
    }

    @Override
    public boolean[] getKeyUsage() {
        throw unread();
    }

    @Override
    public Set<String> getCriticalExtensionOIDs() {
        throw unread();
    }

    @Override
    public Set<String> getNonCriticalExtensionOIDs() {
        throw unread();
    }

    @Override
    public byte[] getExtensionValue(String oid) {
        throw unread();
    }

    @Override
    public boolean hasUnsupportedCriticalExtension() {
        throw unread();
    }

    @Override
    public void checkValidity() {
        throw unread();
    }

    @Override
    public void checkValidity(Date date) {
        throw unread();
    }

    @Override
    public void verify(PublicKey key) {
        throw unread();
    }

    @Override
    public void verify(PublicKey key, String provider) {
        throw unread();
    }
}

//! Encrypted connections as libpq's `sslmode` has them, by rustls.
//!
//! Invariant: a mode is never weaker than its name. `require` encrypts and asks for no name, but holds the
//! server's certificate against a root file where there is one; `verify-ca` asks for a chain to the root,
//! `verify-full` for the name as well.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};

use super::error::DriverError;

/// Where systems keep the certificates that they trust.
const SYSTEM_ROOTS: [&str; 5] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/opt/homebrew/etc/openssl@3/cert.pem",
];

/// How much of the connection is encrypted and verified.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum SslMode {
    Disable,
    Allow,
    #[default]
    Prefer,
    Require,
    VerifyCa,
    VerifyFull,
}

impl SslMode {
    pub(super) fn parse(text: &str) -> Result<Self, DriverError> {
        Ok(match text {
            "disable" => Self::Disable,
            "allow" => Self::Allow,
            "prefer" => Self::Prefer,
            "require" => Self::Require,
            "verify-ca" => Self::VerifyCa,
            "verify-full" => Self::VerifyFull,
            _ => {
                return Err(DriverError::new(
                    "sslmode is none that is known",
                    "write disable, allow, prefer, require, verify-ca or verify-full",
                ));
            }
        })
    }
}

/// What the URL and the environment say about encryption.
#[derive(Clone, Debug, Default)]
pub(super) struct Ssl {
    pub(super) mode: SslMode,
    pub(super) root: Option<PathBuf>,
    pub(super) certificate: Option<PathBuf>,
    pub(super) key: Option<PathBuf>,
    home: Option<PathBuf>,
}

impl Ssl {
    pub(super) fn from_environment(
        mode: Option<&str>,
        root: Option<&str>,
        certificate: Option<&str>,
        key: Option<&str>,
        home: Option<PathBuf>,
    ) -> Result<Self, DriverError> {
        Ok(Self {
            mode: mode.map(SslMode::parse).transpose()?.unwrap_or_default(),
            root: root.map(PathBuf::from),
            certificate: certificate.map(PathBuf::from),
            key: key.map(PathBuf::from),
            home,
        })
    }

    /// The file that is named, or the one of the home folder where it is there.
    fn file(&self, named: Option<&PathBuf>, usual: &str) -> Option<PathBuf> {
        named.cloned().or_else(|| {
            let path = self.home.as_ref()?.join(".postgresql").join(usual);
            path.is_file().then_some(path)
        })
    }

    /// What rustls needs to connect as the mode says.
    pub(super) fn client_config(&self) -> Result<ClientConfig, DriverError> {
        let provider = Arc::new(ring::default_provider());
        let root = self.file(self.root.as_ref(), "root.crt");
        let verifies = matches!(self.mode, SslMode::VerifyCa | SslMode::VerifyFull);
        let verifier: Arc<dyn ServerCertVerifier> = match root {
            Some(root) if verifies || self.mode == SslMode::Require => {
                self.chain(&root, &provider)?
            }
            _ if verifies => return Err(no_root(self.home.as_deref())),
            _ => Arc::new(Anyone(Arc::clone(&provider))),
        };
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|e| refused("TLS", &e))?
            .dangerous()
            .with_custom_certificate_verifier(verifier);
        let certificate = self.file(self.certificate.as_ref(), "postgresql.crt");
        let key = self.file(self.key.as_ref(), "postgresql.key");
        match (certificate, key) {
            (Some(certificate), Some(key)) => {
                let chain = certificates(&certificate)?;
                let key = PrivateKeyDer::from_pem_file(&key)
                    .map_err(|_| unreadable(&key, "a private key without a passphrase"))?;
                config
                    .with_client_auth_cert(chain, key)
                    .map_err(|e| refused("the client's certificate", &e))
            }
            _ => Ok(config.with_no_client_auth()),
        }
    }

    fn chain(
        &self,
        root: &Path,
        provider: &Arc<CryptoProvider>,
    ) -> Result<Arc<dyn ServerCertVerifier>, DriverError> {
        let system = root.as_os_str() == "system";
        let file = if system {
            let mut usual = SYSTEM_ROOTS.iter().map(PathBuf::from);
            usual.find(|p| p.is_file()).ok_or_else(|| no_root(None))?
        } else {
            root.to_owned()
        };
        let trusted = certificates(&file)?;
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(trusted.iter().cloned());
        let web =
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider))
                .build()
                .map_err(|_| unreadable(&file, "certificates in PEM form"))?;
        Ok(Arc::new(Chain {
            web,
            trusted,
            // With the roots of the whole world only the name tells one server from another.
            name: system || self.mode == SslMode::VerifyFull,
        }))
    }
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, DriverError> {
    let read = CertificateDer::pem_file_iter(file).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    match read {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        _ => Err(unreadable(file, "certificates in PEM form")),
    }
}

fn unreadable(file: &Path, what: &str) -> DriverError {
    DriverError::new(
        format!("{} does not hold {what}", file.display()),
        "check the path in sslrootcert, sslcert or sslkey, and who may read the file",
    )
}

fn no_root(home: Option<&Path>) -> DriverError {
    let usual = home.map(|h| h.join(".postgresql/root.crt").display().to_string());
    DriverError::new(
        "sslmode asks for the server's certificate to be verified, and there is no root certificate",
        format!(
            "name it with sslrootcert=FILE, say sslrootcert=system{}",
            usual
                .map(|u| format!(", or put it at {u}"))
                .unwrap_or_default()
        ),
    )
}

fn refused(what: &str, error: &Error) -> DriverError {
    DriverError::new(
        format!("{what} cannot be used: {error}"),
        "check sslcert and sslkey",
    )
}

/// Encrypts, and believes every certificate: `prefer` and `require` promise no more.
#[derive(Debug)]
struct Anyone(Arc<CryptoProvider>);

/// A chain to a root, with or without the name.
#[derive(Debug)]
struct Chain {
    web: Arc<WebPkiServerVerifier>,
    trusted: Vec<CertificateDer<'static>>,
    name: bool,
}

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(
            message,
            cert,
            dss,
            &self.0.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(
            message,
            cert,
            dss,
            &self.0.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

impl ServerCertVerifier for Chain {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verified =
            self.web
                .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        match verified {
            // The name is held against the certificate only once its chain is.
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if !self.name => Ok(ServerCertVerified::assertion()),
            // A certificate that signed itself and is trusted by name is its own root.
            Err(Error::InvalidCertificate(_)) if self.trusted.iter().any(|t| t == end_entity) => {
                if self.name {
                    verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
                }
                Ok(ServerCertVerified::assertion())
            }
            other => other,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.web.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.web.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.web.supported_verify_schemes()
    }
}
